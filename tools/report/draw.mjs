#!/usr/bin/env node
// Draws figures that report.mjs has written, after they were changed: draw.mjs FILE.vl.json...
// Beside each: FILE.svg, and FILE.pdf where rsvg-convert is (librsvg2-bin).
import {spawnSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {pathToFileURL} from 'node:url';
import * as vega from 'vega';
import {compile} from 'vega-lite';

/** @param {object} spec of Vega-Lite, with its data @returns {Promise<string>} */
export async function drawSvg(spec) {
  const view = new vega.View(vega.parse(compile({background: 'white', ...spec}).spec), {renderer: 'none'});
  return view.toSVG();
}

/** FILE.pdf beside FILE.svg.  False: there is no rsvg-convert. */
export function writePdf(svg) {
  const done = spawnSync('rsvg-convert', ['--format=pdf', `--output=${svg.replace(/svg$/, 'pdf')}`, svg], {encoding: 'utf8'});
  if (done.error?.code === 'ENOENT') return false;
  if (done.status !== 0) throw new Error(`rsvg-convert: ${done.stderr}`);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const file of process.argv.slice(2)) {
    const svg = file.replace(/\.vl\.json$/, '.svg');
    writeFileSync(svg, await drawSvg(JSON.parse(readFileSync(file, 'utf8'))));
    writePdf(svg);
  }
}
