// The first run of each cell once more, for what a sweep does not keep: when things happened.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {csvParse} from 'd3-dsv';

export const MOST_CELLS = 12;  // More rows are no figure any more.
const SECOND = 1e9;

/** --set options that make a cell of the file. */
function settingsOf(matrix, values) {
  const settings = {'/sweep': null};
  for (const [name, label] of Object.entries(values)) {
    const value = matrix[name].find((choice) => labelOf(choice) === label);
    if (name.startsWith('/')) settings[name] = value;
    else Object.assign(settings, value.set);
  }
  return Object.entries(settings).map(([pointer, value]) => `--set=${pointer}=${JSON.stringify(value)}`);
}

const labelOf = (choice) => choice?.label ?? (typeof choice === 'string' ? choice : JSON.stringify(choice));

/** [{cell, end, outages: [{start, end}], faults: [{time, what, where}]}], in seconds. */
export function timelinesOf({manifest, cells}, zabsim) {
  const {matrix} = JSON.parse(readFileSync(manifest.file, 'utf8')).sweep;
  const folder = mkdtempSync(join(tmpdir(), 'zabsim-report-'));
  try {
    return cells.slice(0, MOST_CELLS).map(({cell, values, digest}) => {
      const out = join(folder, String(cell));
      const printed = runAnyway(zabsim, ['run', manifest.file, `--seed=${manifest.seeds[0]}`, '--quiet', '--result=-',
                                         `--metrics=${out}`, ...manifest.set.map((set) => `--set=${set}`),
                                         ...settingsOf(matrix, values)]);
      const result = JSON.parse(printed.split('\n')[0]);
      if (result.digest !== digest) throw new Error(`${manifest.file} has changed since the sweep: cell ${cell} is another`);
      const read = (name) => csvParse(readFileSync(`${out}/${name}.csv`, 'utf8'));
      return {
        cell, end: result.virtual_time / SECOND,
        outages: [{start: 0, end: startOf(read('elections'), result)},
                  ...read('outages').filter(({who}) => who === 'ensemble')
                      .map(({start, end}) => ({start: start / SECOND, end: end / SECOND}))],
        faults: read('faults').map(({time, what, node, peer}) => ({
          time: time / SECOND, what, where: peer ? `${node} – ${peer}` : node})),
      };
    });
  } finally {
    rmSync(folder, {recursive: true});
  }
}

/** Until the first leader is established, if there ever is one. */
const startOf = (elections, result) => (elections.length ? elections[0].established : result.virtual_time) / SECOND;

/** A run that violates something has tables too. */
function runAnyway(zabsim, args) {
  try {
    return execFileSync(zabsim, args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});
  } catch (error) {
    if (error.stdout) return error.stdout;
    throw new Error(`zabsim ${args.join(' ')}: ${error.stderr || error}`);
  }
}
