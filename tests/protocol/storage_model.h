// For the storage tests: a data directory that models what is durable and what a crash may lose,
// and histories made by the real preparer.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/base/random.h"
#include "protocol/boundary/io.h"
#include "protocol/boundary/outbox.h"
#include "protocol/storage/directory.h"
#include "protocol/storage/log_format.h"
#include "protocol/tree/database.h"
#include "protocol/tree/preparer.h"

namespace zab::storage_model {

/// What a crash does to unsynced data.
enum class Crash { kLoses, kKeeps, kMixes };

/// Names and bytes, in their visible and their durable form.
class ModelDisk {
 public:
  FileDone Perform(const FileOp& file) {
    FileDone done{.operation = file.operation};
    Inode* inode = Find(file.path);
    switch (file.kind) {
      case FileKind::kList:
        for (const auto& [name, number] : names_) done.names.push_back(name);
        break;
      case FileKind::kRead:
        if (inode) done.bytes = Payload(inode->bytes);
        break;
      case FileKind::kCreate:
        inodes_.push_back({});
        Rename({.to = file.path, .inode = inodes_.size() - 1});
        break;
      case FileKind::kWrite:
        if (!inode) break;
        inode->bytes.resize(std::max<size_t>(inode->bytes.size(), file.offset + file.bytes.size()));
        inode->bytes.replace(file.offset, file.bytes.size(), std::string(file.bytes.view()));
        break;
      case FileKind::kFsync:
        if (inode) inode->durable = inode->bytes;
        break;
      case FileKind::kSyncDir:
        durable_names_ = names_;
        pending_.clear();
        break;
      case FileKind::kRename:
        if (inode) Rename({.from = file.path, .to = file.to, .inode = names_.at(file.path)});
        break;
      case FileKind::kTruncate:
        if (inode) inode->bytes.resize(file.offset);
        break;
      case FileKind::kRemove:
        if (inode) Rename({.from = file.path, .inode = names_.at(file.path)});
        break;
    }
    const bool needs = file.kind != FileKind::kList && file.kind != FileKind::kCreate &&
                       file.kind != FileKind::kSyncDir;
    if (needs && !inode) {
      done.error = file.kind == FileKind::kRead ? FileError::kNotFound : FileError::kIo;
    }
    return done;
  }

  /// The directory as a running process sees it.
  DirectoryImage Now() const {
    DirectoryImage image;
    for (const auto& [name, number] : names_) image[name] = Payload(inodes_[number].bytes);
    return image;
  }

  /// The directory after a crash: any subset of the unsynced changes of names, and a prefix of the
  /// unsynced bytes.
  DirectoryImage After(Crash crash, uint64_t seed) const {
    Chooser chooser(seed);
    const auto keeps = [&] {
      if (crash != Crash::kMixes) return crash == Crash::kKeeps;
      return chooser.Chance(Stream("test"), Entity{}, {1, 2});
    };
    Names names = durable_names_;
    for (const Change& change : pending_) {
      if (keeps()) change.Apply(names);
    }
    DirectoryImage image;
    for (const auto& [name, number] : names) {
      const Inode& inode = inodes_[number];
      std::string bytes = keeps() ? inode.bytes : inode.durable;
      if (crash == Crash::kMixes && inode.bytes.size() >= inode.durable.size()) {
        const size_t cut = chooser.Below(Stream("test"), Entity{}, inode.bytes.size() + 1);
        bytes.replace(0, std::min(cut, bytes.size()), inode.bytes.substr(0, cut));
      }
      image[name] = Payload(std::move(bytes));
    }
    return image;
  }

  static ModelDisk Of(const DirectoryImage& image) {
    ModelDisk disk;
    for (const auto& [name, bytes] : image) {
      disk.inodes_.push_back({std::string(bytes.view()), std::string(bytes.view())});
      disk.names_[name] = disk.inodes_.size() - 1;
    }
    disk.durable_names_ = disk.names_;
    return disk;
  }

 private:
  using Names = std::map<std::string, size_t>;
  struct Inode {
    std::string bytes, durable;
  };
  struct Change {
    std::string from, to;  // Empty: none.
    size_t inode = 0;
    void Apply(Names& names) const {
      if (!from.empty()) names.erase(from);
      if (!to.empty()) names[to] = inode;
    }
  };

  Inode* Find(const std::string& path) {
    const auto name = names_.find(path);
    return name == names_.end() ? nullptr : &inodes_[name->second];
  }
  void Rename(Change change) {
    change.Apply(names_);
    pending_.push_back(std::move(change));
  }

  std::vector<Inode> inodes_;
  Names names_, durable_names_;
  std::vector<Change> pending_;
};

/// The file operations among effects, in order.
inline std::vector<FileOp> FilesIn(const Effects& effects) {
  std::vector<FileOp> files;
  for (const Effect& effect : effects) {
    if (const FileOp* file = std::get_if<FileOp>(&effect)) files.push_back(*file);
  }
  return files;
}

/// A log file with the transactions [from, to), followed by `padding` zeros.
inline Payload Log(const std::vector<TxnRef>& txns, size_t from, size_t to, size_t padding = 0) {
  std::string bytes = LogHeader();
  for (size_t i = from; i < to; ++i) AppendRecord(*txns[i], bytes);
  return Payload(bytes + std::string(padding, '\0'));
}

/// Calls `check` for each prefix of the script and each kind of crash.
inline void ForEveryCrash(const DirectoryImage& before, const std::vector<FileOp>& script,
                          const std::function<void(const DirectoryImage&, size_t)>& check) {
  ModelDisk disk = ModelDisk::Of(before);
  for (size_t done = 0; done <= script.size(); ++done) {
    check(disk.After(Crash::kLoses, 0), done);
    check(disk.After(Crash::kKeeps, 0), done);
    for (uint64_t seed = 0; seed < 20; ++seed) check(disk.After(Crash::kMixes, seed), done);
    if (done < script.size()) disk.Perform(script[done]);
  }
}

/// The directory after performing the operations.
inline DirectoryImage Performed(const DirectoryImage& before, const Effects& effects) {
  ModelDisk disk = ModelDisk::Of(before);
  for (const FileOp& file : FilesIn(effects)) disk.Perform(file);
  return disk.Now();
}

/// A leader's view: makes valid transactions with digests and applies them.
class History {
 public:
  explicit History(const std::string& config = "config") {
    database.tree = DataTree::Fresh(config);
  }

  /// Adds a transaction of `epoch`.
  TxnRef Add(Epoch epoch, const Operation& operation) {
    const bool same = epoch == database.last_processed.epoch;
    const Zxid zxid{epoch, same ? database.last_processed.counter + 1 : 1};
    ++cxid_;
    Preparer preparer;
    TxnRef txn = preparer.Prepare(
        database.tree, {.client_id = 7, .cxid = cxid_, .zxid = zxid, .time = 1'000 + cxid_},
        operation);
    database.Apply(txn);
    txns.push_back(txn);
    return txn;
  }
  TxnRef Create(Epoch epoch, const std::string& path, const std::string& data = "x") {
    return Add(epoch, {.type = OpType::kCreate, .path = path, .data = data});
  }
  /// Adds a random operation on a few paths; failed ones are transactions too.
  TxnRef AddRandom(Epoch epoch, Chooser& chooser) {
    const auto below = [&](uint64_t bound) {
      return chooser.Below(Stream("test"), Entity{}, bound);
    };
    std::string path = "/" + std::to_string(below(4));
    if (below(2) == 0) path += "/" + std::to_string(below(3));
    switch (below(5)) {
      case 0: return Add(epoch, {.type = OpType::kDelete, .path = path});
      case 1:
      case 2:
        return Add(epoch,
                   {.type = OpType::kSetData, .path = path, .data = std::string(below(90), 'd')});
      default:
        return Add(epoch,
                   {.type = OpType::kCreate, .path = path, .data = std::string(below(90), 'c')});
    }
  }

  Database database;
  std::vector<TxnRef> txns;

 private:
  int32_t cxid_ = 0;
};

}  // namespace zab::storage_model
