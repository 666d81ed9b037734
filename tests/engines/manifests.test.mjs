// Job files of engines that cannot run here, checked against what their makers publish: Kubernetes' API, and
// GitHub's schema of workflows.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {test} from 'node:test';
import {parseAllDocuments} from 'yaml';

const require = createRequire(import.meta.url);
const {Job} = require('kubernetes-models/batch/v1');
const {validateWorkflow} = require('@action-validator/core');

const folder = process.env.ENGINE_JOBS;
const read = (name) => readFileSync(`${folder}/${name}`, 'utf8');
const jobs = (name) => parseAllDocuments(read(name)).map((document) => {
  assert.deepEqual(document.errors, []);
  return document.toJS();
});

for (const name of ['shared/shards.yaml', 'shared/merge.yaml', 'store/shards.yaml', 'store/merge.yaml']) {
  test(`${name} is a Job of Kubernetes`, () => {
    const [job, ...others] = jobs(name);
    assert.deepEqual(others, []);
    assert.deepEqual([job.apiVersion, job.kind], ['batch/v1', 'Job']);
    new Job(job).validate();
    const {initContainers = [], containers} = job.spec.template.spec;
    const volumes = job.spec.template.spec.volumes.map((volume) => volume.name);
    for (const {volumeMounts} of [...initContainers, ...containers]) {
      for (const mount of volumeMounts) assert.ok(volumes.includes(mount.name), mount.name);
    }
  });
}

test('an Indexed Job has an index for each shard', () => {
  const [{spec}] = jobs('shared/shards.yaml');
  assert.equal(spec.completionMode, 'Indexed');
  assert.equal(spec.completions, 8);
  assert.ok(spec.template.spec.containers[0].command.includes('--index=$(SHARD_INDEX)'));
  const [pool] = jobs('pool/shards.yaml');
  assert.equal(pool.spec.completions, 3);
  assert.ok(!pool.spec.template.spec.containers[0].command.join(' ').includes('--index'));
});

test('the validator of Kubernetes refuses what is wrong', () => {
  for (const spoil of [(job) => { job.spec.completions = 'eight'; },
                       (job) => { delete job.spec.template; },
                       (job) => { job.spec.template.spec.containers[0].env[0].value = 7; },
                       (job) => { job.spec.template.spec.containers = {}; }]) {
    const [job] = jobs('shared/shards.yaml');
    spoil(job);
    assert.throws(() => new Job(job).validate(), spoil.toString());
  }
});

test('the workflow is one of GitHub, with a job for each shard', () => {
  const text = read('github.yml');
  assert.deepEqual(validateWorkflow(text).errors, []);
  const [workflow] = jobs('github.yml');
  assert.deepEqual(workflow.jobs.work.strategy.matrix.shard, [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.match(workflow.jobs.work.steps[1].with.ref, /^[0-9a-f]{40}$|^unknown$/);
});

test('the validator of GitHub refuses what is wrong', () => {
  const text = read('github.yml');
  for (const [right, wrong] of [['runs-on: ubuntu-24.04', 'runs_on: ubuntu-24.04'],
                                ['needs: work', 'needs: wrok'],
                                ['timeout-minutes: 350', 'timeout-minutes: [long]']]) {
    assert.ok(text.includes(right));
    assert.notDeepEqual(validateWorkflow(text.replace(right, wrong)).errors, [], wrong);
  }
});
