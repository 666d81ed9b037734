// The trace kind of a message.
#pragma once

#include "protocol/boundary/trace.h"
#include "protocol/wire/messages.h"

namespace zab {

/// The kind in traces that names the packet.
Kind KindOf(const Message& message);

}  // namespace zab
