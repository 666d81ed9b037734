// @ts-check
// Chapters of a run: stretches between the events that change who leads and who is there.
import {Trace} from './trace.mjs';

/** What begins a chapter, by probe. @type {Record<string, string>} */
const BEGINNINGS = {
  crashed: 'gone', halted: 'gone', paused: 'paused', cut: 'apart', healed: 'together',
  quorum_lost: 'quorum-lost', looking: 'election', established: 'epoch', restarted: 'back',
  resumed: 'back', disk_spoiled: 'disk', disk_failed: 'disk', quiet: 'quiet',
};
const SHORTEST = 4;  // Units: what follows sooner belongs to the chapter that has begun.

const LEAD_IN = 16;  // Units before the first thing of interest.

/** @typedef {{name: string, event: number, by: string, epoch: number}} Chapter */

/** @param {Trace} trace @param {import('./axis.mjs').Axis} axis @returns {Chapter[]} */
export function chaptersOf(trace, axis) {
  const chapters = [{name: 'start', event: 0, by: '', epoch: 0}];
  let led = false;
  for (let i = 0; i < trace.count; ++i) {
    const name = BEGINNINGS[trace.on(i)];
    const last = chapters[chapters.length - 1];
    if (!name || name === last.name) continue;
    // That at the start, and that of a server which will find a leader.
    if (name === 'election' && (!led || last.name === 'back')) continue;
    led ||= name === 'epoch';
    const soon = axis.unitsOf(trace.time[i]) - axis.unitsOf(trace.time[last.event]) < SHORTEST;
    if (soon && last.name !== 'start' && name !== 'epoch') continue;
    chapters.push({name, event: i, by: trace.by(i), epoch: trace.epoch[i]});
  }
  return chapters;
}

/** Where a run gets interesting: shortly before the first question or the first fault, else where the
 *  first leader is established. @param {Trace} trace @param {import('./axis.mjs').Axis} axis
 *  @param {number[]} stops events of questions */
export function beginningOf(trace, axis, stops) {
  const events = Array.from({length: trace.count}, (_, i) => i);
  const established = events.find((i) => trace.on(i) === 'established') ?? 0;
  const fault = events.find((i) => i > established && trace.isFault(i));
  const wanted = stops[0] ?? fault ?? established;
  const before = trace.atTime(axis.timeOf(axis.unitsOf(trace.time[wanted]) - LEAD_IN));
  return wanted > established ? Math.max(before, established) : before;
}
