// The texts of job files, with places such as @DIR@ that job_files.cc fills.  All that is
// particular to an engine stands here.
#pragma once

namespace zabsim {

extern const char kSlurmShards[], kSlurmMerge[], kSlurmSubmit[];
extern const char kParallel[], kLocal[];
extern const char kKubernetesWork[];  // The place @WORK@ of the next ones.
extern const char kKubernetesShared[], kKubernetesMerge[];
extern const char kKubernetesStore[], kKubernetesStoreMerge[], kKubernetesSubmit[];
extern const char kGithub[];

}  // namespace zabsim
