// Joins the shards of a sweep.
#pragma once

#include <string>
#include <vector>

namespace zabsim {

/// Whether that is the folder of a sweep.
bool IsSweep(const std::string& folder);

/// Into `out`, which has the bytes of a sweep that was never divided when all is there.  Says on
/// standard output what is missing, which is kUnknown unless `partial`.  Returns the exit code.
int MergeSweeps(const std::vector<std::string>& folders, const std::string& out, bool partial);

}  // namespace zabsim
