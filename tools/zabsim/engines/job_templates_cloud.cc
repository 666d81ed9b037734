// Kubernetes 1.29 and later (batch/v1, Indexed Job with backoffLimitPerIndex), and GitHub Actions.
#include "tools/zabsim/engines/job_templates.h"

namespace zabsim {

// The container that makes shards, without a shell: the image may hold the program alone.
const char kKubernetesWork[] = R"job(        - name: work
          image: @IMAGE@
          command: [zabsim, campaign, work, /campaign@SHARD@, --jobs=@JOBS@]
          env:
            - name: SHARD_INDEX
              valueFrom:
                fieldRef:
                  fieldPath: metadata.annotations['batch.kubernetes.io/job-completion-index']
          resources:
            requests: {cpu: "@JOBS@", memory: 1Gi}
)job";

const char kKubernetesShared[] =
    R"job(# Tasks of a campaign on a volume that all of them see: the claim `zabsim`, with the folder in it.
apiVersion: batch/v1
kind: Job
metadata:
  name: zabsim-shards
spec:
  completionMode: Indexed
  completions: @TASKS@
  parallelism: @TASKS@
  backoffLimitPerIndex: 20  # Nodes that go away.  What was done is kept.
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 60
      containers:
@WORK@          volumeMounts:
            - {name: campaign, mountPath: /campaign}
      volumes:
        - name: campaign
          persistentVolumeClaim: {claimName: zabsim}
)job";

const char kKubernetesMerge[] =
    R"job(# Joins the shards.  It fails if there are findings: its exit code is that of zabsim merge.
apiVersion: batch/v1
kind: Job
metadata:
  name: zabsim-merge
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: merge
          image: @IMAGE@
          command: [zabsim, merge, /campaign, --junit=/campaign/whole/junit.xml, --summary=/campaign/whole/summary.md]
          volumeMounts:
            - {name: campaign, mountPath: /campaign}
      volumes:
        - name: campaign
          persistentVolumeClaim: {claimName: zabsim}
)job";

const char kKubernetesStore[] =
    R"job(# Tasks of a campaign that is in an object store: each copies the folder, makes its shard, and copies that
# back.  The secret `rclone` has rclone.conf.
apiVersion: batch/v1
kind: Job
metadata:
  name: zabsim-shards
spec:
  completionMode: Indexed
  completions: @TASKS@
  parallelism: @TASKS@
  backoffLimitPerIndex: 20
  template:
    spec:
      restartPolicy: OnFailure  # On the same node: what was done is kept.
      terminationGracePeriodSeconds: 60
      initContainers:
        - name: fetch
          image: rclone/rclone:1
          args: [copy, "@STORE@", /campaign, "--exclude=/leases/**"]
          volumeMounts: &mounts
            - {name: campaign, mountPath: /campaign}
            - {name: rclone, mountPath: /config/rclone, readOnly: true}
@WORK@          volumeMounts: *mounts
      containers:
        - name: store
          image: rclone/rclone:1
          args: [copy, /campaign/shards, "@STORE@/shards", --update]
          volumeMounts: *mounts
      volumes:
        - {name: campaign, emptyDir: {}}
        - {name: rclone, secret: {secretName: rclone}}
)job";

const char kKubernetesStoreMerge[] =
    R"job(# Joins the shards.  It fails if there are findings, after it has stored them: the log of `merge` has its
# exit code.
apiVersion: batch/v1
kind: Job
metadata:
  name: zabsim-merge
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      initContainers:
        - name: fetch
          image: rclone/rclone:1
          args: [copy, "@STORE@", /campaign]
          volumeMounts: &mounts
            - {name: campaign, mountPath: /campaign}
            - {name: rclone, mountPath: /config/rclone, readOnly: true}
      containers:
        - name: merge
          image: @IMAGE@
          command: [zabsim, merge, /campaign, --junit=/campaign/whole/junit.xml, --summary=/campaign/whole/summary.md]
          volumeMounts: *mounts
        - name: store
          image: rclone/rclone:1
          command: [sh, -c]
          args:
            - |
              until [ -e /campaign/whole/summary.md ]; do sleep 1; done
              rclone copy /campaign/whole "@STORE@/whole"
          volumeMounts: *mounts
      volumes:
        - {name: campaign, emptyDir: {}}
        - {name: rclone, secret: {secretName: rclone}}
)job";

const char kKubernetesSubmit[] = R"job(#!/bin/sh
# Runs the tasks, and when all have ended the merge.  Arguments go to kubectl: ./submit.sh --namespace=lab
set -eu
cd "$(dirname "$0")"
kubectl apply "$@" -f shards.yaml
until kubectl get "$@" job/zabsim-shards -o 'jsonpath={.status.conditions[*].type}' |
  grep -qwE 'Complete|Failed'; do sleep 10; done
kubectl apply "$@" -f merge.yaml
)job";

// Each job has a copy of its own, made from the same commit by the same command.
const char kGithub[] = R"job(name: Campaign
on:
  workflow_dispatch:
jobs:
  work:
    runs-on: ubuntu-24.04
    container: debian:12
    timeout-minutes: 350
    strategy:
      fail-fast: false
      matrix:
        shard: [@MATRIX@]
    steps:
      - run: apt-get update && apt-get install -y --no-install-recommends git ca-certificates
      - uses: actions/checkout@v4
        with:
          ref: @COMMIT@
      - run: tools/run campaign init campaign --shards=@SHARDS@ -- @COMMAND@
      - run: tools/run campaign work campaign --shard=${{ matrix.shard }}
      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: shard-${{ matrix.shard }}
          path: campaign/shards
  merge:
    needs: work
    if: always()
    runs-on: ubuntu-24.04
    container: debian:12
    steps:
      - run: apt-get update && apt-get install -y --no-install-recommends git ca-certificates
      - uses: actions/checkout@v4
        with:
          ref: @COMMIT@
      - run: tools/run campaign init campaign --shards=@SHARDS@ -- @COMMAND@
      - uses: actions/download-artifact@v4
        with:
          pattern: shard-*
          path: campaign/shards
          merge-multiple: true
      - run: tools/run merge campaign --junit=campaign/whole/junit.xml --summary=campaign/whole/summary.md
      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: whole
          path: campaign/whole
)job";

}  // namespace zabsim
