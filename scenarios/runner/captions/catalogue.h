// The catalogue of captions, as the build makes it from tools/captions: templates with named slots,
// in both languages.  What fills them is caption.cc.
#pragma once

#include <span>

#include "scenarios/runner/record/record.h"

namespace scenario {

/// A template: "{by} commits {zxid}".
struct CatalogueText {
  const char* en;
  const char* zh;
};

/// One kind of event.
struct CatalogueEntry {
  Probe probe;
  Kind kind;  // kNone: any.
  bool own;   // Only where a server is its own other end.
  CatalogueText what;
  CatalogueText why;
  CatalogueText next;
};

/// By probe; of each, special cases before the general one, which is always there.
std::span<const CatalogueEntry> CatalogueOfEvents();
/// A sentence; empty for kNone.
const CatalogueText& CatalogueOf(zab::Reason reason);

}  // namespace scenario
