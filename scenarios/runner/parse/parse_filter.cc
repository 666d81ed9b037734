// Names of probes, and filters that are objects of their own.
#include "scenarios/runner/parse/parse_filter.h"

namespace scenario {

void ProbeName::Read(ReadContext& in, const Place& at, Probe& out) const {
  if (!HasType(in, at, Value::Type::kString, "wanted the name of a probe")) return;
  std::vector<std::string> all;
  for (const ProbeRow& entry : kProbeTable) {
    if (!entry.MayTrigger()) continue;
    all.emplace_back(Name(entry.probe));
    if (all.back() != at.value.text) continue;
    out = entry.probe;
    return;
  }
  for (int i = 0; i < kProbeCount; ++i) {
    if (Name(static_cast<Probe>(i)) == at.value.text) {
      return Wrong(in, at, "wanted a probe that scenarios may name", ", which is in traces only");
    }
  }
  Wrong(in, at, "wanted the name of a probe", DidYouMean(at.value.text, all));
}

template <class V, Is<ProbeFilter> S>
void Fields(V& v, S& filter) {
  FilterKeys(v, filter);
}

void ReadValue(ReadContext& in, const Place& at, ProbeFilter& out) {
  Object().Read(in, at, out);
}
Value WriteValue(const Scenario& s, const ProbeFilter& value) {
  return Object().Write(s, value);
}

}  // namespace scenario
