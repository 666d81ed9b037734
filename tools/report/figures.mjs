// The figures as specifications of Vega-Lite: data, and what each column is drawn as.  The page and the
// figures for papers use the same ones.  Runs in the page and under Node.js.
import {faultWord, words} from '#words.mjs';

// Okabe and Ito's colours, in an order that stays apart in grey, too; shapes and dashes repeat what they say.
const COLOURS = {
  light: ['#0072b2', '#d55e00', '#00684a', '#8a5a8a', '#946200', '#1c1c1c', '#3a8fc4', '#a34a00'],
  dark: ['#56b4e9', '#ff8a5c', '#3fcf9f', '#d9a3d9', '#e6b422', '#ececea', '#9ad2f2', '#f2b48a'],
};
const INK = {light: {text: '#1c1c1c', soft: '#56565a', line: '#b9b9bd', down: '#d55e00', up: '#d9e8e2'},
             dark: {text: '#ececea', soft: '#b3b3b8', line: '#55565c', down: '#ff8a5c', up: '#22423a'}};

const NARROW = 330;  // Pixels: legends have one column.

/** The look of all figures. */
export function config(theme, width = NARROW) {
  const {text, soft, line} = INK[theme];
  return {
    background: null, font: "system-ui, 'Noto Sans CJK SC', sans-serif", aria: false,
    axis: {labelColor: text, titleColor: text, gridColor: line, gridOpacity: 0.4, domainColor: soft,
           tickColor: soft, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal', labelLimit: 260},
    legend: {labelColor: text, titleColor: text, labelFontSize: 12, titleFontSize: 12,
             titleFontWeight: 'normal', orient: 'bottom', columns: width < NARROW ? 1 : 2, labelLimit: 300, titleLimit: 400, symbolSize: 80,
             symbolStrokeWidth: 2},
    range: {category: COLOURS[theme]}, view: {stroke: line},
  };
}

const metricTitle = ({name, unit}, language) =>
  `${name}${unit === '1' ? '' : ` (${unit === 'share' ? words(language, 'share') : unit})`}`;

const scaled = (value, metric) => value === null ? null : value * metric.scale;

/** The share of the runs of each cell with at most so much. */
export function ecdf(sweep, metric, language, width) {
  const rows = [];
  for (const {cell, name} of sweep.cells) {
    const values = sweep.runs.filter((run) => run.cell === cell && !run.excluded)
        .map((run) => run.values[metric.name]).filter((value) => value !== null).sort((a, b) => a - b);
    if (values.length) rows.push({cell, name, x: scaled(values[0], metric), share: 0});
    values.forEach((value, i) => rows.push({cell, name, x: scaled(value, metric), share: (i + 1) / values.length}));
  }
  return {
    data: {values: rows}, width, height: 260,
    mark: {type: 'line', interpolate: 'step-after', strokeWidth: 2},
    encoding: {
      x: {field: 'x', type: 'quantitative', title: metricTitle(metric, language), scale: {zero: false, nice: true}},
      y: {field: 'share', type: 'quantitative', title: words(language, 'ecdf.y'), axis: {format: '.0%'}},
      color: {field: 'name', type: 'nominal', title: null, sort: sweep.cells.map(({name}) => name)},
      strokeDash: {field: 'name', type: 'nominal', title: null, sort: sweep.cells.map(({name}) => name)},
      tooltip: [{field: 'name', title: words(language, 'cell')},
                {field: 'x', title: metricTitle(metric, language), format: ',.4~r'},
                {field: 'share', title: words(language, 'ecdf.y'), format: '.1%'}],
    },
  };
}

/** The mean in each cell with its interval: along the first parameter, a line for each value of the second,
 *  a panel for each combination of the others. */
export function means(sweep, metric, language, width) {
  const [along, by, ...others] = sweep.parameters;
  const rows = sweep.estimates.filter((row) => row.metric === metric.name && row.mean !== null).map((row) => {
    const {values} = sweep.cells[row.cell];
    return {x: values[along.name], by: by ? values[by.name] : '', n: row.n,
            panel: others.map(({name, short}) => `${short} ${values[name]}`).join(', '),
            mean: scaled(row.mean, metric), low: scaled(row.low, metric), high: scaled(row.high, metric)};
  });
  const x = {field: 'x', type: 'nominal', sort: along.values, title: along.short, axis: {labelAngle: 0}};
  const y = {type: 'quantitative', title: `${metricTitle(metric, language)}, ${words(language, 'mean')}`};
  const lines = by ? {
    color: {field: 'by', type: 'nominal', title: by.short, sort: by.values},
    xOffset: {field: 'by', type: 'nominal', sort: by.values, scale: {paddingOuter: 3}},
  } : {};
  const shape = by ? {shape: {field: 'by', type: 'nominal', title: by.short, sort: by.values}} : {};
  const layer = [
    {mark: {type: 'rule', strokeWidth: 2},
     encoding: {x, y: {...y, field: 'low'}, y2: {field: 'high'}, ...lines}},
    {mark: {type: 'point', filled: true, size: 80, opacity: 1},
     encoding: {x, y: {...y, field: 'mean'}, ...lines, ...shape,
                tooltip: [{field: 'x', title: along.short}, ...(by ? [{field: 'by', title: by.short}] : []),
                          {field: 'mean', title: words(language, 'mean'), format: ',.4~r'},
                          {field: 'low', title: words(language, 'low'), format: ',.4~r'},
                          {field: 'high', title: words(language, 'high'), format: ',.4~r'}, {field: 'n'}]}},
  ];
  const data = {values: rows};
  if (!others.length) return {data, width, height: 260, layer};
  return {data, facet: {field: 'panel', type: 'nominal', title: null}, columns: 2,
          spec: {width: Math.max(160, width / 2 - 50), height: 200, layer}};
}

/** The mean over two parameters; of more than two, over the cells of the others.  Null with one. */
export function heat(sweep, metric, language, width) {
  const [across, down] = sweep.parameters;
  if (!down) return null;
  const rows = sweep.estimates.filter((row) => row.metric === metric.name && row.mean !== null).map((row) => {
    const {values} = sweep.cells[row.cell];
    return {x: values[across.name], y: values[down.name], mean: scaled(row.mean, metric)};
  });
  const x = {field: 'x', type: 'nominal', sort: across.values, title: across.short, axis: {labelAngle: 0}};
  const y = {field: 'y', type: 'nominal', sort: down.values, title: down.short};
  const value = {aggregate: 'mean', field: 'mean', type: 'quantitative'};
  return {
    data: {values: rows}, width, height: Math.max(120, 44 * down.values.length),
    // The numbers stand in the cells: a colour alone would say little.
    transform: [{joinaggregate: [{op: 'max', field: 'mean', as: 'most'}, {op: 'min', field: 'mean', as: 'least'}]}],
    layer: [
      {mark: {type: 'rect', stroke: 'white', strokeWidth: 1},
       encoding: {x, y, color: {...value, title: metricTitle(metric, language), scale: {scheme: 'blues'},
                                legend: {orient: 'bottom', direction: 'horizontal', gradientLength: 200, format: ',.4~r'}}}},
      {mark: {type: 'text', fontSize: 13},
       encoding: {x, y, text: {...value, format: ',.4~r'},
                  color: {condition: {test: 'datum.mean_mean > (datum.most + datum.least) / 2', value: 'white'},
                          value: '#1c1c1c'},
                  detail: [{field: 'most'}, {field: 'least'}]}},
    ],
  };
}

/** When a leader could be reached in the first repeat of each cell, and what was done to the servers. */
export function availability(sweep, language, width, theme) {
  if (!sweep.timelines.length) return null;
  const names = sweep.timelines.map(({cell}) => sweep.cells[cell].name);
  const down = sweep.timelines.flatMap(({cell, outages}) => outages.map((outage) => ({
    name: sweep.cells[cell].name, ...outage, state: words(language, 'down')})));
  const up = sweep.timelines.map(({cell, end}) => ({
    name: sweep.cells[cell].name, start: 0, end, state: words(language, 'up')}));
  const faults = sweep.timelines.flatMap(({cell, faults}) => faults.map((fault) => ({
    name: sweep.cells[cell].name, ...fault, what: faultWord(language, fault.what)})));
  const y = {field: 'name', type: 'nominal', sort: names, title: null};
  const time = {type: 'quantitative', title: words(language, 'time'), scale: {nice: false}};
  const colours = {domain: [words(language, 'up'), words(language, 'down')],
                   range: [INK[theme].up, INK[theme].down]};
  return {
    width, height: {step: 40},
    resolve: {scale: {shape: 'independent'}},
    layer: [
      {data: {values: [...up, ...down]}, mark: {type: 'bar', height: 14},
       encoding: {y, x: {...time, field: 'start'}, x2: {field: 'end'},
                  color: {field: 'state', type: 'nominal', title: null, scale: colours},
                  tooltip: [{field: 'name', title: words(language, 'cell')}, {field: 'state', title: ' '},
                            {field: 'start', title: words(language, 'from'), format: '.3f'},
                            {field: 'end', title: words(language, 'to'), format: '.3f'}]}},
      {data: {values: faults},
       mark: {type: 'point', filled: true, size: 90, color: INK[theme].text, opacity: 1, yOffset: -12},
       encoding: {y, x: {...time, field: 'time'},
                  shape: {field: 'what', type: 'nominal', title: words(language, 'faults'),
                          scale: {range: ['triangle-down', 'triangle-up', 'cross', 'diamond', 'square', 'circle']},
                          legend: {symbolFillColor: INK[theme].text, columns: width < NARROW ? 1 : 4}},
                  tooltip: [{field: 'time', title: words(language, 'time'), format: '.3f'},
                            {field: 'what', title: words(language, 'faults')}, {field: 'where', title: ' '}]}},
    ],
  };
}
