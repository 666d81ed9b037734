// What differs between cells although nobody has varied it: then a difference of the metric may be one
// of this.  Runs in the page and under Node.js.

/** Means that differ by more than this share of the larger one are told. */
export const WORTH_TELLING = 0.1;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What is looked at: the name of its words, and its value of a run (null: none). */
const LOOKED_AT = [
  ['leader_clients', (run) => run.leader_clients],
  ['writes_at_leader', ({values}) => values.writes_submitted
      ? values.writes_at_leader / values.writes_submitted : null],
  ['faults_requested', ({values}) => values.faults_requested],
  ['faults_effective', ({values}) => values.faults_effective],
];

/** [{what, lowest: {cell, mean}, highest: {cell, mean}}], and cells whose runs were left out. */
export function differences({cells, runs}) {
  const found = [];
  const tell = (what, means) => {
    const known = means.filter(({mean}) => mean !== null).sort((a, b) => a.mean - b.mean);
    if (known.length < 2) return;
    const [lowest, highest] = [known[0], known.at(-1)];
    if (highest.mean - lowest.mean > WORTH_TELLING * highest.mean) found.push({what, lowest, highest});
  };
  for (const [what, valueOf] of LOOKED_AT) {
    tell(what, cells.map(({cell}) => {
      const values = runs.filter((run) => run.cell === cell).map(valueOf).filter((value) => value !== null);
      return {cell, mean: values.length ? mean(values) : null};
    }));
  }
  tell('excluded', cells.map(({cell}) => {
    const own = runs.filter((run) => run.cell === cell);
    return {cell, mean: own.length ? mean(own.map((run) => run.excluded ? 1 : 0)) : null};
  }));
  return found;
}

/** Cells in which some runs that count have no value of the metric: [{cell, missing, n}]. */
export function withoutValue({estimates}, metric) {
  return estimates.filter((row) => row.metric === metric && row.missing > 0)
      .map(({cell, missing, n}) => ({cell, missing, n}));
}
