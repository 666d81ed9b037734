// Reads what zabsim sweep writes as a model for pages and figures: plain data, which goes into the page as
// JSON.
import {readFileSync} from 'node:fs';
import {csvParse} from 'd3-dsv';

// How metrics are shown.
const UNITS = {ns: {unit: 'ms', scale: 1e-6}, '1/1000': {unit: '1', scale: 1e-3}};

/** One number, or null where a run has none. */
const number = (text) => text === '' || text === undefined ? null : Number(text);

/** Values of a parameter as axes show them. */
export const cellName = (values) => Object.entries(values)
    .map(([name, value]) => `${shortName(name)} ${value}`).join(', ');

/** "/timing/tick_time": "tick_time". */
export const shortName = (name) => name.startsWith('/') ? name.slice(name.lastIndexOf('/') + 1) : name;

export function readSweep(folder) {
  const manifest = JSON.parse(readFileSync(`${folder}/manifest.json`, 'utf8'));
  const runs = csvParse(readFileSync(`${folder}/runs.csv`, 'utf8'));
  const estimates = csvParse(readFileSync(`${folder}/cells.csv`, 'utf8'));
  const parameters = manifest.parameters.map(({name, values}) => ({name, short: shortName(name), values}));
  const cells = manifest.cells.map(({values, digest}, cell) => ({cell, values, digest, name: cellName(values)}));
  return {
    title: manifest.scenario, manifest, parameters, cells,
    metrics: metricsOf(manifest, runs),
    runs: runs.map((run) => ({cell: +run.cell, seed: run.seed, verdict: run.verdict,
                              excluded: run.excluded, leader_clients: number(run.leader_clients),
                              values: Object.fromEntries(Object.keys(manifest.metrics).map(
                                  (metric) => [metric, number(run[metric])]))})),
    estimates: estimates.map((row) => ({cell: +row.cell, metric: row.metric, n: +row.n,
                                        missing: number(row.missing), excluded: number(row.excluded),
                                        mean: number(row.mean), low: number(row.mean_low),
                                        high: number(row.mean_high), median: number(row.median),
                                        p90: number(row.p90), p99: number(row.p99)})),
  };
}

/** Those that some run has, with how they are shown. */
function metricsOf(manifest, runs) {
  const found = Object.entries(manifest.metrics).filter(
      ([name]) => runs.some((run) => number(run[name]) !== null));
  return found.map(([name, {unit, en, zh}]) => ({
    name, en, zh, unit, scale: 1, ...UNITS[unit]}));
}

/** What a report is about unless it is told: what the sweep was made precise in, else the first of these
 *  that was observed. */
export function mainMetric({manifest, metrics}) {
  const wanted = [manifest.precision?.metric, 'ensemble_unavailable', 'write_latency_p50', 'write_throughput'];
  const names = metrics.map(({name}) => name);
  const found = wanted.find((name) => names.includes(name) && metrics) ?? names[0];
  if (!found) throw new Error('the sweep has no metrics: did all runs end early?');
  return found;
}
