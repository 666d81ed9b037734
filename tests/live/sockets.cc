// Non-blocking sockets and poll().
#include "tests/live/sockets.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "protocol/base/check.h"

namespace live {
namespace {

constexpr int kBacklog = 64;
constexpr size_t kReadSize = 64 << 10;
constexpr unsigned kConnectPatience = 5000;  // ms, as ZooKeeper's cnxTimeout.

sockaddr_in AddressOf(const zab::Member& member, zab::Port port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port == zab::Port::kQuorum ? member.quorum_port : member.election_port);
  ZAB_CHECK(inet_pton(AF_INET, member.name.c_str(), &address.sin_addr) == 1)
      << member.name << " is no IPv4 address";
  return address;
}

int NewSocket() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  ZAB_CHECK(fd >= 0) << "socket: errno " << errno;
  return fd;
}

void SendAtOnce(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// How long a connection attempt, or later what was sent, may stay unanswered; 0: as the kernel has
// it.
void SetPatience(int fd, unsigned milliseconds) {
  setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

std::optional<zab::ConnectionId> ConnectionOf(const zab::Input& input) {
  return std::visit(
      [](const auto& any) -> std::optional<zab::ConnectionId> {
        if constexpr (requires { any.connection; }) return any.connection;
        return std::nullopt;
      },
      input);
}

bool WouldBlock() {
  return errno == EAGAIN || errno == EINTR;
}

}  // namespace

Sockets::~Sockets() {
  for (const auto& [port, fd] : listeners_) close(fd);
  for (const auto& [id, connection] : connections_) close(connection.fd);
}

// ---- Ports --------------------------------------------------------------------------------------

void Sockets::Listen(zab::Port port) {
  if (port == zab::Port::kClient) return;
  const int fd = NewSocket();
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = AddressOf(*config_.FindVoter(config_.self), port);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(fd, kBacklog) != 0) {
    std::perror("zab_server: listen");
    std::exit(1);
  }
  listeners_[port] = fd;
}

void Sockets::Unlisten(zab::Port port) {
  const auto it = listeners_.find(port);
  if (it == listeners_.end()) return;
  close(it->second);
  listeners_.erase(it);
}

void Sockets::OnListener(zab::Port port, int fd) {
  while (true) {
    const int accepted = accept4(fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (accepted < 0) return;
    SendAtOnce(accepted);
    const zab::ConnectionId id{next_accepted_++};
    connections_[id].fd = accepted;
    inputs_.push_back(zab::Accepted{id, port});
  }
}

// ---- What the peer does -------------------------------------------------------------------------

void Sockets::Connect(zab::ConnectionId connection, zab::ServerId server, zab::Port port) {
  const int fd = NewSocket();
  SendAtOnce(fd);
  SetPatience(fd, kConnectPatience);
  connections_[connection] = {.fd = fd, .connecting = true};
  const sockaddr_in address = AddressOf(*config_.FindVoter(server), port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS) {
    Drop(connection);
  }
}

void Sockets::Send(const zab::Send& send) {
  const auto it = connections_.find(send.connection);
  if (it == connections_.end()) return;
  Connection& connection = it->second;
  const absl::string_view bytes = send.bytes.view();
  connection.unsent.append(bytes.data(), bytes.size());
  connection.accepted_bytes += bytes.size();
  if (send.wants_done) connection.wants_done.push_back(connection.accepted_bytes);
  Flush(send.connection);
}

void Sockets::Close(zab::ConnectionId id) {
  std::erase_if(inputs_, [id](const zab::Input& input) { return ConnectionOf(input) == id; });
  const auto it = connections_.find(id);
  if (it == connections_.end()) return;
  it->second.closing = true;
  if (it->second.connecting || it->second.unsent.empty()) Drop(id);
}

// ---- What happens -------------------------------------------------------------------------------

void Sockets::Poll(zab::Duration limit) {
  std::vector<pollfd> polled;
  std::vector<std::function<void(short)>> handlers;
  for (const auto& [port, fd] : listeners_) {
    polled.push_back({fd, POLLIN, 0});
    handlers.push_back([this, port = port, fd = fd](short) { OnListener(port, fd); });
  }
  for (const auto& [id, connection] : connections_) {
    const int writes = connection.connecting || !connection.unsent.empty() ? POLLOUT : 0;
    polled.push_back({connection.fd, static_cast<short>(POLLIN | writes), 0});
    handlers.push_back([this, id = id](short events) { OnReady(id, events); });
  }
  const int64_t wait = std::max<int64_t>(limit.nanoseconds, 0);
  const timespec timeout{.tv_sec = wait / 1'000'000'000, .tv_nsec = wait % 1'000'000'000};
  if (ppoll(polled.data(), polled.size(), &timeout, nullptr) <= 0) return;
  for (size_t i = 0; i < polled.size(); ++i) {
    if (polled[i].revents != 0) handlers[i](polled[i].revents);
  }
}

void Sockets::OnReady(zab::ConnectionId id, short events) {
  if (connections_.at(id).connecting) return OnConnected(id);
  if ((events & POLLOUT) != 0) Flush(id);
  if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) Receive(id);
}

void Sockets::OnConnected(zab::ConnectionId id) {
  Connection& connection = connections_.at(id);
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(connection.fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return Drop(id);
  connection.connecting = false;
  SetPatience(connection.fd, 0);
  inputs_.push_back(zab::Connected{id});
}

void Sockets::Receive(zab::ConnectionId id) {
  const auto it = connections_.find(id);
  if (it == connections_.end()) return;
  std::string bytes(kReadSize, '\0');
  const ssize_t size = recv(it->second.fd, bytes.data(), bytes.size(), 0);
  if (size < 0 && WouldBlock()) return;
  if (size <= 0) return Drop(id);
  if (it->second.closing) return;
  bytes.resize(static_cast<size_t>(size));
  inputs_.push_back(zab::Received{id, zab::Payload(std::move(bytes))});
}

void Sockets::Flush(zab::ConnectionId id) {
  Connection& connection = connections_.at(id);
  if (connection.connecting) return;
  size_t sent = 0;
  while (sent < connection.unsent.size()) {
    const ssize_t size = send(connection.fd, connection.unsent.data() + sent,
                              connection.unsent.size() - sent, MSG_NOSIGNAL);
    if (size < 0 && !WouldBlock()) return Drop(id);
    if (size < 0) break;
    sent += static_cast<size_t>(size);
  }
  connection.unsent.erase(0, sent);
  const uint64_t total = connection.accepted_bytes - connection.unsent.size();
  while (!connection.wants_done.empty() && connection.wants_done.front() <= total) {
    connection.wants_done.pop_front();
    if (!connection.closing) inputs_.push_back(zab::SendDone{id});
  }
  if (connection.closing && connection.unsent.empty()) Drop(id);
}

void Sockets::Drop(zab::ConnectionId id) {
  const auto it = connections_.find(id);
  close(it->second.fd);
  if (!it->second.closing) {
    inputs_.push_back(it->second.connecting ? zab::Input(zab::ConnectFailed{id})
                                            : zab::Input(zab::Closed{id}));
  }
  connections_.erase(it);
}

}  // namespace live
