// gzip by zlib, and the frame that snappy-java puts around blocks of snappy.
#include "protocol/inspection/compressed.h"

#include <snappy.h>
#include <zlib.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "protocol/storage/directory.h"
#include "protocol/wire/jute.h"

namespace zab {
namespace {

constexpr absl::string_view kSnappyMagic("\x82SNAPPY\0", 8);
constexpr size_t kSnappyHeader = 16;  // The magic, two versions.
constexpr int kGzipWindow = 15 + 16;  // zlib: the largest, of gzip.
constexpr size_t kPiece = 1 << 16;

/// Of one stream of zlib.
class Inflater {
 public:
  Inflater() { ok_ = inflateInit2(&stream_, kGzipWindow) == Z_OK; }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Java's stream reads one member after the other, and passes over what is none behind the last.
  Decompressed Run(absl::string_view bytes, size_t limit) {
    Decompressed result;
    if (!ok_) return {.problem = "no memory for gzip"};
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    bool ended = false;
    while (result.bytes.size() < limit) {
      char piece[kPiece];
      stream_.next_out = reinterpret_cast<Bytef*>(piece);
      stream_.avail_out = sizeof piece;
      const int code = inflate(&stream_, Z_NO_FLUSH);
      result.bytes.append(piece, sizeof piece - stream_.avail_out);
      if (code == Z_STREAM_END) {
        ended = true;
        if (stream_.avail_in == 0) return result;
        inflateReset(&stream_);
      } else if (code == Z_BUF_ERROR) {
        return Ended(std::move(result), "the gzip stream ends early");
      } else if (code != Z_OK) {
        if (ended) return result;
        return Ended(std::move(result), stream_.msg ? stream_.msg : "bad gzip");
      } else {
        ended = false;
      }
    }
    return Ended(std::move(result), "too large");
  }

 private:
  static Decompressed Ended(Decompressed result, const char* problem) {
    result.problem = problem;
    return result;
  }

  z_stream stream_{};
  bool ok_ = false;
};

Decompressed Unsnap(absl::string_view bytes, size_t limit) {
  Decompressed result;
  const auto ended = [&result](const char* problem) {
    result.problem = problem;
    return result;
  };
  if (!absl::StartsWith(bytes, kSnappyMagic)) return ended("no header of snappy");
  while (!bytes.empty()) {
    if (absl::StartsWith(bytes, kSnappyMagic)) {  // One stream behind the other.
      bytes.remove_prefix(std::min(bytes.size(), kSnappyHeader));
      continue;
    }
    JuteReader reader(bytes);
    const int32_t size = reader.Int();
    const absl::string_view block = reader.Raw(size < 0 ? 0 : static_cast<size_t>(size));
    if (!reader.ok()) return ended("the snappy stream ends early");
    size_t length = 0;
    if (size < 0 || !snappy::GetUncompressedLength(block.data(), block.size(), &length)) {
      return ended("bad block of snappy");
    }
    if (result.bytes.size() + length > limit) return ended("too large");
    std::string piece;
    if (!snappy::Uncompress(block.data(), block.size(), &piece)) {
      return ended("bad block of snappy");
    }
    result.bytes += piece;
    bytes.remove_prefix(reader.position());
  }
  return result;
}

}  // namespace

std::optional<CompressedName> CompressedSnapshot(absl::string_view name) {
  const bool gzip = absl::ConsumeSuffix(&name, ".gz");
  if (!gzip && !absl::ConsumeSuffix(&name, ".snappy")) return std::nullopt;
  const std::optional<Zxid> zxid = ZxidOfName(name, "snapshot.");
  if (!zxid) return std::nullopt;
  return CompressedName{.zxid = *zxid, .method = gzip ? Compression::kGzip : Compression::kSnappy};
}

Decompressed Decompress(Compression method, absl::string_view bytes, size_t limit) {
  switch (method) {
    case Compression::kGzip: return Inflater().Run(bytes, limit);
    case Compression::kSnappy: return Unsnap(bytes, limit);
  }
  return {};
}

}  // namespace zab
