// One thread waits for many processes.
#include "tools/zabsim/campaign/campaign.h"

#include <poll.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/cli/command.h"

namespace zabsim {
namespace {

constexpr int kPollMilliseconds = 100;
/// Shrinking makes many runs: it counts as hung after this many times the limit of one run.
constexpr int kShrinkPatience = 60;
/// How much longer a job may take by the clock than by the processor.
constexpr int kClockPatience = 10;
/// What kills a worker, as a batch system does at a time limit, may be about to kill the
/// campaign: only if it is still there after this time, the run has a verdict.
constexpr std::chrono::seconds kKillPatience(1);

}  // namespace

Campaign::Campaign(CampaignPlan plan, std::vector<scenario::Document> documents,
                   CampaignOptions options, Listener listener)
    : plan_(std::move(plan)),
      documents_(std::move(documents)),
      weights_(scenario::FileWeights(documents_)),
      options_(std::move(options)),
      listener_(std::move(listener)),
      progress_(documents_.size()),
      begin_(Clock::now()),
      last_checkpoint_(begin_) {
  plan_.planned = {.runs = options_.runs, .time = options_.time, .cpu = options_.cpu};
}

// What was planned may grow from session to session.
absl::Status Campaign::OpenPlan() {
  const std::string path = options_.out + "/campaign.json";
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    const absl::StatusOr<CampaignPlan> there = ReadPlan(path);
    if (!there.ok()) return there.status();
    if (there->shard != plan_.shard || !IsSameCampaign(*there, plan_)) {
      return absl::InvalidArgumentError(
          absl::StrCat(options_.out,
                       ": holds another campaign (its files, --seed, --set, --strategy or --shard "
                       "differ, see campaign.json); choose another --out, or go on with the same "
                       "options"));
    }
    plan_.planned.Merge(there->planned);
    if (ToText(*there) == ToText(plan_)) return absl::OkStatus();
  }
  return ReplaceFile(path, ToText(plan_));
}

absl::Status Campaign::OpenProgress() {
  const std::string path = options_.out + "/progress.json";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return absl::OkStatus();
  const auto text = ReadWholeFile(path);
  if (!text.ok()) return text.status();
  const auto shards = ParseProgress(*text, documents_.size());
  if (!shards.ok()) {
    return absl::DataLossError(absl::StrCat(path, ": ", shards.status().message()));
  }
  const auto ours = shards->find(plan_.shard);
  if (ours != shards->end()) progress_ = ours->second;
  return absl::OkStatus();
}

absl::Status Campaign::Open() {
  if (absl::Status status = lock_.Take(options_.out); !status.ok()) return status;
  if (absl::Status status = OpenPlan(); !status.ok()) return status;
  if (absl::Status status = findings_.Open(options_.out); !status.ok()) return status;
  if (absl::Status status = OpenProgress(); !status.ok()) return status;
  next_ = progress_.done().first_missing();
  for (const auto& [signature, finding] : findings_.all()) {
    if (finding.confirmation == Confirmation::kNotYet) {
      if (absl::Status status = Keep(finding); !status.ok()) return status;
    } else {
      Follow(finding);
    }
  }
  return absl::OkStatus();
}

std::chrono::milliseconds Campaign::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin_);
}

bool Campaign::WantsRuns() const {
  if (options_.runs && next_ >= plan_.RunsOf(plan_.shard, *options_.runs)) return false;
  if (options_.time && elapsed() >= *options_.time) return false;
  if (options_.cpu && cpu_this_session_ >= static_cast<uint64_t>(options_.cpu->nanoseconds)) {
    return false;
  }
  return options_.fail_fast == 0 || findings_.all().size() < options_.fail_fast;
}

std::chrono::seconds Campaign::PatienceWith(const Job& job) const {
  return options_.patience * (std::holds_alternative<ShrinkJob>(job) ? kShrinkPatience : 1);
}

bool Campaign::Busy() const {
  return std::ranges::any_of(slots_, [](const auto& slot) { return slot->job.has_value(); });
}

std::optional<Campaign::Job> Campaign::NextJob() {
  if (!urgent_.empty()) {
    Job job = std::move(urgent_.front());
    urgent_.pop_front();
    return job;
  }
  while (progress_.done().Contains(next_)) ++next_;
  if (!WantsRuns()) return std::nullopt;
  return RunJob{next_++};
}

absl::Status Campaign::Run(const std::function<bool()>& stop) {
  begin_ = last_checkpoint_ = Clock::now();
  progress_.SetComplete(false);
  const absl::Status status = Loop(stop);
  slots_.clear();
  const absl::Status kept = Checkpoint();
  return status.ok() ? kept : status;
}

absl::Status Campaign::Loop(const std::function<bool()>& stop) {
  for (size_t i = 0; i < options_.corpus.size(); ++i) urgent_.push_back(CorpusJob{i});
  for (unsigned i = 0; i < options_.jobs; ++i) slots_.push_back(std::make_unique<Slot>());
  while (!stop()) {
    for (const auto& slot : slots_) {
      if (slot->job) continue;
      std::optional<Job> job = NextJob();
      if (!job) break;
      if (absl::Status status = Begin(*slot, *std::move(job)); !status.ok()) return status;
    }
    if (!Busy() && urgent_.empty()) {
      progress_.SetComplete(true);
      break;
    }
    if (absl::Status status = Listen(); !status.ok()) return status;
    if (listener_.on_progress) listener_.on_progress(*this);
    if (Clock::now() - last_checkpoint_ < checkpoint_pause_) continue;
    if (absl::Status status = Checkpoint(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Campaign::Begin(Slot& slot, Job job) {
  slot.job = std::move(job);
  slot.since = Clock::now();
  slot.cpu_before = {};
  const std::string plan = options_.out + "/campaign.json";
  const std::vector<std::string> worker = {"worker", "--plan", plan, "--memory",
                                           absl::StrCat(options_.memory)};
  if (const auto* run = std::get_if<RunJob>(&*slot.job)) {
    if (!slot.worker.running()) {
      if (absl::Status status = slot.worker.Spawn(worker); !status.ok()) return status;
    }
    slot.cpu_before = slot.worker.cpu();
    slot.worker.Send(absl::StrCat("run ", plan_.RunAt(run->n)));
    return absl::OkStatus();
  }
  if (const auto* shrink = std::get_if<ShrinkJob>(&*slot.job)) {
    std::vector<std::string> command = {"shrink", findings_.WholeFile(shrink->signature), "--out",
                                        findings_.SmallFile(shrink->signature), "--json"};
    if (!plan_.peer.empty()) command.push_back(absl::StrCat("--peer=", plan_.peer));
    return slot.fresh.Spawn(command);
  }
  if (absl::Status status = slot.fresh.Spawn(worker); !status.ok()) return status;
  if (const auto* audit = std::get_if<AuditJob>(&*slot.job)) {
    slot.fresh.Send(absl::StrCat("run ", audit->run));
  } else if (const auto* corpus = std::get_if<CorpusJob>(&*slot.job)) {
    slot.fresh.Send(absl::StrCat("file ", options_.corpus[corpus->position].path));
  } else if (const auto* confirm = std::get_if<ConfirmJob>(&*slot.job)) {
    // The second time with the choices of the first.
    slot.fresh.Send(absl::StrCat(confirm->round == 1 ? "record " : "file ",
                                 findings_.WholeFile(confirm->signature)));
  } else if (const auto* small = std::get_if<ConfirmSmallJob>(&*slot.job)) {
    slot.fresh.Send(absl::StrCat("file ", findings_.SmallFile(small->signature)));
  }
  slot.fresh.CloseInput();
  return absl::OkStatus();
}

absl::Status Campaign::Listen() {
  std::vector<pollfd> waiting;
  for (const auto& slot : slots_) {
    if (slot->job) slot->child().AddTo(waiting);
  }
  ::poll(waiting.data(), waiting.size(), kPollMilliseconds);
  for (const auto& slot : slots_) {
    if (!slot->job) continue;
    if (absl::Status status = Look(*slot); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Campaign::Look(Slot& slot) {
  Child& child = slot.child();
  if (slot.killed && Clock::now() - *slot.killed < kKillPatience) return absl::OkStatus();
  const bool running = !slot.killed && child.Read();
  if (std::optional<std::string> line = child.TakeLine()) {
    const Job job = *std::exchange(slot.job, std::nullopt);
    if (&child == &slot.fresh) child.Kill();
    return OnLine(job, *line);
  }
  const std::optional<End::Kind> overdue = running ? OverdueAs(slot) : std::nullopt;
  if (running && !overdue) return absl::OkStatus();
  if (!running && !slot.killed && child.WasKilled()) {
    slot.killed = Clock::now();
    return absl::OkStatus();
  }
  slot.killed.reset();
  if (running) child.Kill();
  const Job job = *std::exchange(slot.job, std::nullopt);
  if (overdue) return OnEnd(job, {.kind = *overdue});
  if (child.exit_code() == kExitStorage) return absl::ResourceExhaustedError(child.errors());
  return OnEnd(job, {.kind = child.WasKilled() ? End::Kind::kKilled : End::Kind::kEnded,
                     .how = child.ending(),
                     .errors = child.errors()});
}

// A machine that is busy, or stopped for a while, makes nothing hang.
std::optional<Campaign::End::Kind> Campaign::OverdueAs(Slot& slot) const {
  const std::chrono::nanoseconds patience = PatienceWith(*slot.job);
  const Clock::duration waited = Clock::now() - slot.since;
  if (waited <= patience) return std::nullopt;
  if (slot.child().cpu() - slot.cpu_before > patience) return End::Kind::kHung;
  if (waited > patience * kClockPatience) return End::Kind::kHeldUp;
  return std::nullopt;
}

absl::Status Campaign::Checkpoint() {
  const Clock::time_point begin = Clock::now();
  absl::Status status = ReplaceFile(options_.out + "/progress.json",
                                    ToText(ShardsProgress{{plan_.shard, progress_}}));
  last_checkpoint_ = Clock::now();
  // It takes at most a fiftieth of the time.
  checkpoint_pause_ =
      std::max<Clock::duration>((last_checkpoint_ - begin) * 50, std::chrono::seconds(2));
  return status;
}

}  // namespace zabsim
