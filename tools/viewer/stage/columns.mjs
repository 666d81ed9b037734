// @ts-check
// Which transactions have a column: the same ones in all servers.
import {compareZxids, parseZxid, zxidText} from '../state.mjs';

/** The newest transactions of all servers or, if one is followed, those up to it; oldest first.
 *  @param {import('../state.mjs').Server[]} servers @param {number} most
 *  @param {string} followed '': none @returns {import('../state.mjs').Zxid[]} */
export function columnsOf(servers, most, followed) {
  /** @type {Map<string, import('../state.mjs').Zxid>} */
  const found = new Map();
  const last = followed ? parseZxid(followed) : null;
  for (const {log} of servers) {
    let wanted = most;
    for (let k = log.length - 1; k >= 0 && wanted > 0; --k) {
      const {epoch, from, to} = log[k];
      const newest = last && epoch === last.epoch ? Math.min(to, last.counter) : to;
      for (let counter = newest; counter >= Math.max(from, 1) && wanted > 0; --counter) {
        const zxid = {epoch, counter};
        if (last && compareZxids(zxid, last) > 0) break;
        found.set(zxidText(zxid), zxid);
        --wanted;
      }
    }
  }
  return [...found.values()].sort(compareZxids).slice(-most);
}
