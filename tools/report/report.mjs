#!/usr/bin/env node
// Makes a report of a sweep.
//
//   report.mjs SWEEP -o OUT [--metric=NAME] [--lang=en|zh] [--zabsim=PATH]
//
// OUT/report.html    one page that opens from the disk, without a network: interactive, light and dark,
//                    English and Chinese, any metric
// OUT/figures/*.svg  the same figures of one metric for papers, and as PDF where rsvg-convert is
// OUT/figures/*.vl.json  each as a specification with its data, to restyle: draw.mjs FILE.vl.json
//
// Vega-Lite, because a figure is data: one specification is drawn interactively in the page and, by the same
// renderer, as SVG without a browser, and a figure is changed by editing JSON.  (Observable Plot needs a DOM
// and a program for each figure.)
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import * as figures from '#figures.mjs';
import {drawSvg, writePdf} from './draw.mjs';
import {mainMetric, readSweep} from './sweep.mjs';
import {timelinesOf} from './timelines.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const text = (path) => readFileSync(join(here, path), 'utf8');
const inScript = (code) => code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
const asModule = (code) => `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
const PAPER_WIDTH = 420;

function imports() {
  const interpreter = text('node_modules/vega-interpreter/build/vega-interpreter.js');
  const own = Object.fromEntries(['figures.mjs', 'warnings.mjs', 'words.mjs'].map((name) => [`#${name}`, asModule(text(name))]));
  return {imports: {...own, '#vega-interpreter.js': asModule(interpreter),
                    // What the interpreter takes of vega-util is in Vega.
                    'vega-util': asModule('export const {ascending, isString, DisallowedObjectProperties} = globalThis.vega;')}};
}

function page(sweep) {
  const places = {
    '@STYLE@': text('style.css'),
    '@DATA@': JSON.stringify(sweep).replaceAll('<', '\\u003c'),
    '@VEGA@': inScript(text('node_modules/vega/build/vega.min.js')),
    '@VEGA_LITE@': inScript(text('node_modules/vega-lite/build/vega-lite.min.js')),
    '@IMPORTS@': JSON.stringify(imports()),
    '@PAGE@': text('page.mjs'),
  };
  return text('page.html').replace(/@[A-Z_]+@/g, (place) => places[place]);
}

async function papers(sweep, metric, language, folder) {
  mkdirSync(folder, {recursive: true});
  const specs = {
    means: figures.means(sweep, metric, language, PAPER_WIDTH),
    ecdf: figures.ecdf(sweep, metric, language, PAPER_WIDTH),
    heat: figures.heat(sweep, metric, language, PAPER_WIDTH),
    availability: figures.availability(sweep, language, PAPER_WIDTH, 'light'),
  };
  for (const [name, spec] of Object.entries(specs)) {
    if (!spec) continue;
    const whole = {$schema: 'https://vega.github.io/schema/vega-lite/v6.json', ...spec, config: figures.config('light')};
    writeFileSync(join(folder, `${name}.vl.json`), `${JSON.stringify(whole, null, 1)}\n`);
    writeFileSync(join(folder, `${name}.svg`), await drawSvg(whole));
    writePdf(join(folder, `${name}.svg`));
  }
}

function arguments_() {
  const {values, positionals} = parseArgs({allowPositionals: true, options: {
    out: {type: 'string', short: 'o'}, metric: {type: 'string'}, lang: {type: 'string', default: 'en'},
    zabsim: {type: 'string', default: process.env.ZABSIM ?? join(here, '../../build/release/zabsim')}}});
  if (positionals.length !== 1 || !values.out || !['en', 'zh'].includes(values.lang)) {
    throw new Error('wanted: report.mjs SWEEP -o OUT [--metric=NAME] [--lang=en|zh] [--zabsim=PATH]');
  }
  return {folder: positionals[0], ...values};
}

try {
  const {folder, out, metric, lang, zabsim} = arguments_();
  const sweep = readSweep(folder);
  sweep.main = metric ?? mainMetric(sweep);
  const chosen = sweep.metrics.find(({name}) => name === sweep.main);
  if (!chosen) throw new Error(`--metric: no run has ${sweep.main}`);
  sweep.timelines = existsSync(sweep.manifest.file) ? timelinesOf(sweep, zabsim) : [];
  if (!sweep.timelines.length) console.error(`${sweep.manifest.file} is not here: no figure of availability over time`);
  mkdirSync(out, {recursive: true});
  writeFileSync(join(out, 'report.html'), page(sweep));
  await papers(sweep, chosen, lang, join(out, 'figures'));
  console.log(`${join(out, 'report.html')}, figures/`);
} catch (error) {
  console.error(`report: ${error.message}`);
  process.exitCode = 2;
}
