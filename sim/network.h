// The network: reliable FIFO streams over links that delay and lose packets, and that can be cut,
// clogged and broken.  It carries bytes between machines without knowing their meaning.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "protocol/base/bytes.h"
#include "protocol/base/file_op.h"
#include "protocol/base/handles.h"
#include "protocol/base/random.h"
#include "protocol/base/time.h"
#include "sim/distribution.h"
#include "sim/input.h"
#include "sim/kernel.h"
#include "sim/node_id.h"
#include "sim/numbers.h"
#include "sim/queue_use.h"
#include "sim/stream.h"

namespace sim {

/// How often a link breaks at random, and how long connects over it are refused afterwards.
struct LinkBreaks {
  zab::Duration mean_every;  // Above 0.
  zab::Duration reconnect;
  friend constexpr bool operator==(const LinkBreaks&, const LinkBreaks&) = default;
};

/// kStream: reliable and FIFO, like TCP.  kDatagram: data of processes may be lost, duplicated and
/// reordered, and are not sent again; connections open and close as with streams.
enum class Transport : uint8_t { kStream, kDatagram };

/// One direction between two nodes.
struct LinkProfile {
  Distribution latency = Const(zab::Milliseconds(1));
  zab::Ratio loss;                   // Per attempt to send a packet.
  zab::Ratio dup;                    // Per datagram: it arrives twice.
  zab::Ratio reorder;                // Per datagram: it is delayed, so that others overtake it.
  std::optional<int64_t> bandwidth;  // Bytes per second; above 0.  nullopt: no limit.
  std::optional<uint64_t> queue;     // How many packets may wait.  nullopt: any number.
  zab::Duration rto_max = zab::Seconds(3);
  zab::Duration break_after = zab::Seconds(10);
  std::optional<LinkBreaks> breaks;
  Transport transport = Transport::kStream;

  friend constexpr bool operator==(const LinkProfile&, const LinkProfile&) = default;
};

/// A connect without an answer fails after this (zookeeper.cnxTimeout).
constexpr zab::Duration kConnectTimeout = zab::Seconds(5);
/// The first retransmission; each further one waits twice as long, up to LinkProfile::rto_max.
constexpr zab::Duration kFirstRetransmission = zab::Milliseconds(200);
/// The overhead of each packet for the bandwidth: the headers of IPv4 and TCP.
constexpr int64_t kHeaderSize = 40;
/// On a link with a bandwidth a stream sends in segments of at most this many bytes, as TCP does on
/// Ethernet: 1500 without the header.  Each is a packet.
constexpr size_t kSegmentSize = 1460;
/// How many bytes of one direction of a connection may be under way to the last byte that the
/// bandwidth has let through; more wait in the process that sends them, and are lost with it (Linux
/// begins with this size: net.ipv4.tcp_wmem).
constexpr size_t kSendBuffer = 16 << 10;

/// The fate of data in flight that a crashed node has sent.
struct InFlight {
  enum class Policy : uint8_t { kKeep, kDrop, kOnlyTo };
  Policy policy = Policy::kKeep;
  std::vector<NodeId> only_to;  // Only with kOnlyTo: data to other nodes are dropped.

  /// Whether data to this node still arrive.
  bool Keeps(NodeId to) const;

  static InFlight Keep() { return {}; }
  static InFlight Drop() { return {.policy = Policy::kDrop}; }
  static InFlight OnlyTo(std::vector<NodeId> nodes) {
    return {.policy = Policy::kOnlyTo, .only_to = std::move(nodes)};
  }
};

/// What all links of one node share, in bytes per second; above 0.  nullopt: no limit.
struct NodeBandwidth {
  std::optional<int64_t> egress;
  std::optional<int64_t> ingress;
  friend constexpr bool operator==(const NodeBandwidth&, const NodeBandwidth&) = default;
};

/// A direction between two nodes.
struct LinkId {
  NodeId from;
  NodeId to;
  friend constexpr auto operator<=>(const LinkId&, const LinkId&) = default;
};

/// What has been sent.
struct Traffic {
  uint64_t messages = 0;
  uint64_t bytes = 0;
};

/// How a link was used, beside its traffic.
struct LinkUse {
  /// Messages of processes that wait to be transmitted, and those that were: behind a lost packet
  /// or a clog, for the send buffer, for a bandwidth.  The longest queue is that of one connection.
  QueueUse queue;
  uint64_t retransmissions = 0;  // Attempts after a timeout.
};

/// The entity for draws of a link.
zab::Entity EntityOf(LinkId link);
constexpr zab::Stream kLatency("net/latency");

/// A stream sends its packets in order, each as soon as possible.
///  - An attempt fails if the link is cut, the machine at the other end has no power, or the packet
///    is lost (drawn).  It is retried after kFirstRetransmission, doubling; later packets wait.
///    After break_after from the first attempt the sending end breaks.
///  - With a bandwidth, the packets of all streams on the link are transmitted one after another,
///    in the order in which they leave.  A message leaves in segments of kSegmentSize, which arrive
///    one by one; a segment leaves when there is room in its stream's send buffer.  An attempt also
///    fails if `queue` packets are already waiting.  Without a bandwidth a message is one packet.
///  - The egress of the sending node and the ingress of the receiving one are shared in the same
///    way by all their links: a packet passes the egress, the bandwidth of the link, and the
///    ingress, whole and one after the other, and then takes its latency.
///  - A packet that has left arrives after a latency (drawn), never before the previous packet.  A
///    cut, or a power loss of the receiver, also loses packets on the wire: their attempt has
///    failed.
///  - A datagram is whole, and is not retried: a failed attempt loses it.  It arrives after its own
///  latency; a
///    late one (drawn, or delayed) does not delay later ones.
///  - A clogged link holds everything, on the wire or not, without a time limit.  At the release
///    everything is sent at once, in order.
///  - TCP's acknowledgements are not modelled: a one-way cut affects only its direction.
///
/// Each machine knows only its own end of a connection.  A machine that receives a packet of an
/// unknown or forgotten connection answers with a reset.  Resets are not sent again when lost; then
/// the other end stays half-open.
///
/// A plain value.  Faults return whether they had an effect.
class Network {
 public:
  /// All links have this profile, the last one given, until they get another.
  void AddNode(const LinkProfile& profile);
  size_t node_count() const { return machines_.size(); }

  // ---- What processes do (process.h) ------------------------------------------------------------
  void Listen(NodeId node, PortNumber port);
  void Unlisten(NodeId node, PortNumber port);
  void Connect(NodeId node, zab::ConnectionId id, NodeId to, PortNumber port, Kernel& kernel);
  void Send(NodeId node, zab::ConnectionId id, zab::Payload bytes, bool wants_done, Tag tag,
            Kernel& kernel);
  void Close(NodeId node, zab::ConnectionId id, Kernel& kernel);
  /// Whether the process can still get inputs of this connection.
  bool Knows(NodeId node, zab::ConnectionId id) const { return Find(node, id) != nullptr; }
  /// What processes have sent over that link so far, by tag: once, whatever became of it on the
  /// way. Ends with the last tag that was used.
  const std::vector<Traffic>& traffic(LinkId link) const { return At(link).traffic; }
  const LinkUse& use(LinkId link) const { return At(link).use; }
  /// The process has been notified that the connection is closed.
  void Forget(NodeId node, zab::ConnectionId id);

  // ---- Events -----------------------------------------------------------------------------------
  // The delivery to a process, if any.  `stale` is set if the event no longer applies.
  struct Outcome {
    bool stale = false;
    std::optional<Delivery> delivery;
  };
  Outcome On(const event::Arrival& arrival, uint64_t seq, Kernel& kernel);
  Outcome On(const event::Retry& retry, uint64_t seq, Kernel& kernel);
  Outcome On(const event::Space& space, uint64_t seq, Kernel& kernel);
  Outcome On(const event::Reset& reset, uint64_t seq, Kernel& kernel);
  Outcome On(const event::ConnectTimeout& timeout, uint64_t seq, Kernel& kernel);
  Outcome On(const event::LinkBreak& link, uint64_t seq, Kernel& kernel);

  // ---- Machines ---------------------------------------------------------------------------------
  /// A process starts on the machine, which answers from now on.
  void ProcessStarted(NodeId node, uint64_t incarnation);
  /// Whether it has power: true from the first process until a power loss.
  bool powered(NodeId node) const { return At(node).powered; }
  /// The process has died; the machine resets its connections unless it has lost power.
  /// `reset`: how long it takes to reset an open one.
  void ProcessGone(NodeId node, bool power, const InFlight& in_flight, const Distribution& reset,
                   Kernel& kernel);

  /// What its links share, from now on.
  void SetBandwidth(NodeId node, const NodeBandwidth& bandwidth);

  // ---- Faults -----------------------------------------------------------------------------------
  const LinkProfile& profile(LinkId link) const { return At(link).profile; }
  void SetProfile(LinkId link, const LinkProfile& profile, Kernel& kernel);
  /// Cuts are counted: a link is open again after the same number of Uncut.
  bool Cut(LinkId link, Kernel& kernel);
  bool Uncut(LinkId link);
  bool IsCut(LinkId link) const { return At(link).cuts > 0; }
  /// Clogs are not counted.
  bool Clog(LinkId link);
  bool Release(LinkId link, Kernel& kernel);
  bool IsClogged(LinkId link) const { return At(link).clogged; }
  /// All connections between the two nodes break.  Of what is on the wire the first few packets,
  /// drawn, still arrive; then both ends hear a reset, if it reaches them.
  bool Break(LinkId link, Kernel& kernel);
  /// The next packet on that link that is sent with that tag (none: with any) arrives so much
  /// later, and with it everything after it in its stream.
  void DelayNext(LinkId link, std::optional<Tag> tag, zab::Duration by, Kernel& kernel);
  /// The next datagram on that link that is sent with that tag (none: with any) gets lost, or
  /// arrives twice.  False if the link carries streams.
  bool DropNext(LinkId link, std::optional<Tag> tag, Kernel& kernel);
  bool DupNext(LinkId link, std::optional<Tag> tag, Kernel& kernel);
  /// Forgets what was to happen to packets that have not come.
  bool ForgetFates(LinkId link);

 private:
  enum class EndState : uint8_t {
    kAbsent,      // Of the acceptor, until the SYN has reached it.
    kConnecting,  // Initiator: waits for the SYN-ACK; acceptor: for the ACK.
    kOpen,
    kClosing,  // Closed by its process; the machine still sends remaining data.
    kGone,     // The machine does not know the connection.
  };
  static bool IsLive(EndState state) {
    return state != EndState::kAbsent && state != EndState::kGone;
  }
  struct End {
    NodeId node;
    zab::ConnectionId id;  // In the numbering of the process there.
    EndState state = EndState::kAbsent;
    bool known = false;  // Whether the process there knows it and can still get inputs.
  };
  struct Connection {
    End ends[2];        // 0: the initiator.
    Stream streams[2];  // streams[i] goes from ends[i] to ends[1 - i].
    PortNumber port = 0;
    uint64_t timeout_seq = 0;  // Of the ConnectTimeout event.
    bool in_use = false;
  };
  /// A connection that the process of a machine knows.
  struct Known {
    zab::ConnectionId id;
    StreamId stream;  // The outgoing stream.
  };
  /// Where packets are transmitted one after another.
  struct Pipe {
    zab::Time busy_until;  // When everything that has come is through.
    /// When a packet that comes at `from` is through; at once without a bandwidth.
    zab::Time Pass(std::optional<int64_t> bandwidth, const Packet& packet, zab::Time from);
  };
  struct Machine {
    NodeBandwidth bandwidth;
    Pipe egress;
    Pipe ingress;
    bool powered = false;
    uint8_t listening = 0;  // One bit per Port; 0 without a process.
    uint64_t incarnation = 0;
    uint64_t accepted = 0;     // The number of connections that this process has accepted.
    std::vector<Known> known;  // Sorted by id.
  };
  /// A fate planned for a packet.
  struct Fate {
    enum class Kind : uint8_t { kDelay, kDrop, kDup };
    Kind kind{};
    std::optional<Tag> tag;
    zab::Duration by;  // For kDelay.
    ArmedFault armed;
  };
  struct Link {
    LinkProfile profile;
    uint32_t cuts = 0;
    bool clogged = false;
    bool used = false;        // Whether a connect was attempted over it.
    uint64_t break_seq = 0;   // Of the LinkBreak event; 0: none.
    zab::Time refuses_until;  // Connects are refused before this.
    std::vector<Fate> fates;  // Oldest first.
    std::vector<Traffic> traffic;
    LinkUse use;
    Pipe pipe;
    // Only with a bandwidth.
    std::vector<zab::Time>
        waiting;  // When the transmission of packets that have left begins; sorted.
  };

  /// Makes the link if it was never touched.  The reference is valid until another link of the same
  /// node is touched for the first time.
  Link& At(LinkId link) { return IsTouched(link) ? links_[From(link)][To(link)] : Touch(link); }
  const Link& At(LinkId link) const {
    return IsTouched(link) ? links_[From(link)][To(link)] : Untouched(link);
  }
  static size_t From(LinkId link) { return link.from.value - size_t{1}; }
  static size_t To(LinkId link) { return link.to.value - size_t{1}; }
  bool IsTouched(LinkId link) const {
    return link.from != link.to && From(link) < links_.size() &&
           To(link) < links_[From(link)].size();
  }
  Link& Touch(LinkId link);
  const Link& Untouched(LinkId link) const;
  Machine& At(NodeId node) { return machines_[node.value - size_t{1}]; }
  const Machine& At(NodeId node) const { return machines_[node.value - size_t{1}]; }
  const Known* Find(NodeId node, zab::ConnectionId id) const;

  LinkId LinkOf(StreamId id) const;
  Stream& StreamAt(StreamId id) { return connections_[id.connection].streams[id.direction]; }
  End& Sender(StreamId id) { return connections_[id.connection].ends[id.direction]; }
  End& Receiver(StreamId id) { return connections_[id.connection].ends[1 - id.direction]; }
  static StreamId Reverse(StreamId id) {
    return {id.connection, static_cast<uint8_t>(1 - id.direction)};
  }
  /// Calls visit(StreamId) for each stream, or each on that link, in order of the table.
  template <class Visit>
  void ForEachStream(Visit visit);
  template <class Visit>
  void ForEachStreamOn(LinkId link, Visit visit);

  // network.cc: connections.
  void Count(LinkId link, Tag tag, size_t bytes);
  uint32_t NewConnection();
  void FreeIfUnused(uint32_t index);
  void Learn(End& end, zab::ConnectionId id, StreamId outgoing);
  void Push(StreamId id, Packet packet, Kernel& kernel);
  void SetGone(StreamId outgoing);
  void Reset(StreamId id, Kernel& kernel);
  std::optional<Delivery> Lost(StreamId outgoing, Kernel& kernel);
  std::optional<Delivery> Receive(StreamId id, Packet packet, Kernel& kernel);
  void ReceiveSyn(StreamId id, Kernel& kernel);
  std::optional<Delivery> ReceiveAck(StreamId id, Kernel& kernel);
  void EndOf(StreamId outgoing, bool power, const InFlight& in_flight, const Distribution& reset,
             Kernel& kernel);

  // transmission.cc: the sending side of streams.
  void Pump(StreamId id, Kernel& kernel);
  void GiveUp(StreamId id);
  void NextSegment(StreamId id);
  bool WaitsForSpace(StreamId id, Kernel& kernel);
  bool IsNarrow(LinkId link) const;
  bool Passes(LinkId link, Kernel& kernel);
  static bool Overflows(Link& link, zab::Time now);
  zab::Time Transmit(LinkId link, const Packet& packet, zab::Time now);
  void Depart(StreamId id, Kernel& kernel);
  void NoteQueue(StreamId id, zab::Time now);
  static void NoteTransmitted(Link& link, Packet& packet, zab::Time out);
  void TellDone(StreamId id, Packet& packet, zab::Time out, Kernel& kernel);
  void ScheduleArrival(StreamId id, Kernel& kernel);
  void ScheduleRetry(StreamId id, zab::Time failed, Kernel& kernel);
  void LoseWire(StreamId id, Kernel& kernel);
  void Cease(StreamId id, size_t kept);
  void DropUnsent(StreamId id);

  // datagrams.cc.
  bool IsDatagram(LinkId link, const Packet& packet) const;
  void SendDatagram(StreamId id, Kernel& kernel);
  void PutOnWire(StreamId id, Packet packet, Kernel& kernel);

  // network_faults.cc.
  void Sever(StreamId id, Kernel& kernel);
  static std::optional<Fate> TakeFate(Link& link, Fate::Kind kind, const Packet& packet,
                                      Kernel& kernel);
  void ArmBreak(LinkId id, Kernel& kernel);

  std::vector<Machine> machines_;
  /// [From][To]; a row ends with the last link of its node that was touched, so that a thousand
  /// clients have no links to each other.
  std::vector<std::vector<Link>> links_;
  Link untouched_;  // What a link is that is not in a row.
  std::vector<Connection> connections_;
  std::vector<uint32_t> free_;
};

template <class Visit>
void Network::ForEachStream(Visit visit) {
  for (uint32_t i = 0; i < connections_.size(); ++i) {
    for (const uint8_t direction : {uint8_t{0}, uint8_t{1}}) {
      if (connections_[i].in_use) visit(StreamId{i, direction});
    }
  }
}

template <class Visit>
void Network::ForEachStreamOn(LinkId link, Visit visit) {
  ForEachStream([&](StreamId id) {
    if (LinkOf(id) == link) visit(id);
  });
}

}  // namespace sim
