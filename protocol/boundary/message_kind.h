// Which trace kind a message is.
#pragma once

#include "protocol/boundary/trace.h"
#include "protocol/wire/messages.h"

namespace zab {

/// The packet's name as a trace kind.
Kind KindOf(const Message& message);

}  // namespace zab
