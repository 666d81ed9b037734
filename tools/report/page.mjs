// The report in a browser: words, tables and figures from the data in the page.
import * as figures from '#figures.mjs';
import {differences, withoutValue} from '#warnings.mjs';
import {words} from '#words.mjs';
import {expressionInterpreter} from '#vega-interpreter.js';

const sweep = JSON.parse(document.getElementById('data').textContent);
const state = {
  language: navigator.language.startsWith('zh') ? 'zh' : 'en',
  theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
  metric: sweep.main,
};
for (const [key, value] of new URLSearchParams(location.hash.slice(1))) if (key in state) state[key] = value;
if (!sweep.metrics.some(({name}) => name === state.metric)) state.metric = sweep.main;

const byId = (id) => document.getElementById(id);
const say = (key, places) => words(state.language, key, places);
const shown = (value) => value === null ? '' : Number(value.toPrecision(4)).toLocaleString('en');
const views = [];

function element(name, text, parent) {
  const made = document.createElement(name);
  made.textContent = text;
  parent?.append(made);
  return made;
}

async function draw(id, spec, title, what) {
  const figure = byId(id);
  figure.hidden = !spec;
  if (!spec) return;
  figure.querySelector('h2').textContent = title;
  figure.querySelector('figcaption').textContent = what;
  const plot = figure.querySelector('.plot');
  const {spec: compiled} = vegaLite.compile({...spec, config: figures.config(state.theme, spec.width), autosize: {type: 'pad', contains: 'padding'}});
  // Expressions are interpreted: the page's policy allows no eval.
  const view = new vega.View(vega.parse(compiled, null, {ast: true}),
                             {expr: expressionInterpreter, renderer: 'svg', container: plot, hover: true});
  views.push(view);
  await view.runAsync();
  plot.setAttribute('aria-label', `${title}. ${what}`);  // Vega has given it one of its own.
  plot.querySelector('svg').setAttribute('aria-hidden', 'true');  // The plot's label and the table say it.
}

function drawWarnings(metric) {
  const list = byId('warning-list');
  list.replaceChildren();
  const nameOf = (cell) => sweep.cells[cell].name;
  for (const {what, lowest, highest} of differences(sweep)) {
    element('li', say('warning.range', {what: say(`warning.${what}`), low: shown(lowest.mean), lowest: nameOf(lowest.cell),
                                        high: shown(highest.mean), highest: nameOf(highest.cell)}), list);
  }
  for (const {cell, missing, n} of withoutValue(sweep, metric.name)) {
    element('li', say('warning.missing', {missing, cell: nameOf(cell), metric: metric.name, n}), list);
  }
  byId('warnings').hidden = !list.children.length;
  byId('warnings-title').textContent = say('warnings.title');
  byId('warnings-what').textContent = say('warnings.what');
}

function drawTable(metric) {
  byId('table-title').textContent = `${say('table.title')}: ${metric.name}${metric.unit === '1' ? '' : ` (${metric.unit})`}`;
  const head = byId('table-head');
  head.replaceChildren();
  const columns = [...sweep.parameters.map(({short}) => short), 'n', say('mean'), '95 %', 'p50', 'p90', 'p99'];
  for (const column of columns) element('th', column, head).scope = 'col';
  const body = byId('table-body');
  body.replaceChildren();
  for (const row of sweep.estimates.filter((row) => row.metric === metric.name)) {
    const scaled = (value) => shown(value === null ? null : value * metric.scale);
    const line = element('tr', '', body);
    for (const {name} of sweep.parameters) element('td', sweep.cells[row.cell].values[name], line);
    for (const text of [row.n, scaled(row.mean), `${scaled(row.low)} – ${scaled(row.high)}`,
                        scaled(row.median), scaled(row.p90), scaled(row.p99)]) element('td', text, line);
  }
}

function drawHeader(metric) {
  const {manifest} = sweep;
  document.documentElement.lang = state.language === 'zh' ? 'zh-Hans' : 'en';
  document.documentElement.dataset.theme = state.theme;
  document.title = byId('title').textContent = say('title', {scenario: sweep.title});
  const repeats = manifest.precision ? say('repeats.precision', {metric: manifest.precision.metric})
                                     : say('repeats', {repeat: manifest.repeat});
  byId('facts').textContent = say('facts', {runs: sweep.runs.length, cells: sweep.cells.length, repeats,
                                            digest: manifest.digest.slice(0, 8), commit: manifest.commit.slice(0, 12)});
  byId('language').textContent = say('language');
  byId('theme').textContent = say('theme');
  byId('metric-label').textContent = say('metric');
  byId('metric-what').textContent = metric[state.language];
  byId('again').textContent = say('again');
  byId('command').textContent = manifest.command;
}

async function show() {
  delete document.body.dataset.ready;
  for (const view of views.splice(0)) view.finalize();
  const metric = sweep.metrics.find(({name}) => name === state.metric);
  drawHeader(metric);
  drawWarnings(metric);
  drawTable(metric);
  // Axes and legends stand beside what `width` is of.
  const width = Math.max(200, Math.min(560, byId('figures').clientWidth - 130));
  const [along, down, ...others] = sweep.parameters;
  await draw('means', figures.means(sweep, metric, state.language, width), say('means.title', {along: along.short}), say('means.what'));
  await draw('ecdf', figures.ecdf(sweep, metric, state.language, width), say('ecdf.title'), say('ecdf.what'));
  await draw('heat', figures.heat(sweep, metric, state.language, Math.max(160, width - 60)),
             down ? say('heat.title', {across: along.short, down: down.short}) : '',
             others.length ? say('heat.others', {others: others.map(({short}) => short).join(', ')}) : say('heat.what'));
  await draw('availability', figures.availability(sweep, state.language, Math.max(160, width - 100), state.theme),
             say('availability.title'), say('availability.what'));
  history.replaceState(null, '', `#${new URLSearchParams({language: state.language, theme: state.theme, metric: state.metric})}`);
  document.body.dataset.ready = '';
}

const metrics = byId('metric');
for (const {name} of sweep.metrics) element('option', name, metrics).value = name;
metrics.value = state.metric;
metrics.addEventListener('change', () => { state.metric = metrics.value; show(); });
byId('language').addEventListener('click', () => { state.language = state.language === 'zh' ? 'en' : 'zh'; show(); });
byId('theme').addEventListener('click', () => { state.theme = state.theme === 'dark' ? 'light' : 'dark'; show(); });
show();
