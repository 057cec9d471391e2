/** Stretches of a text that hold some digits close together, with room for letters around them. */

export type Region = { start: number; text: string };

const CLUSTER = /\d(?:[^\d\n]{0,3}\d){2,}/g;
const ROOM = 14;

export function digitRegions(text: string): Region[] {
  const regions: Region[] = [];
  let start = -1;
  let end = -1;
  for (const match of text.matchAll(CLUSTER)) {
    const from = Math.max(0, match.index - ROOM);
    if (start >= 0 && from > end) regions.push({ start, text: text.slice(start, end) });
    if (start < 0 || from > end) start = from;
    end = Math.min(text.length, match.index + match[0].length + ROOM);
  }
  if (start >= 0) regions.push({ start, text: text.slice(start, end) });
  return regions;
}

export type Match = { index: number; value: string };

/** Matches of a global pattern inside the regions, at their places in the whole text. */
export function matchesIn(regions: readonly Region[], pattern: RegExp): Match[] {
  const matches: Match[] = [];
  for (const region of regions) {
    pattern.lastIndex = 0;
    for (let match = pattern.exec(region.text); match !== null; match = pattern.exec(region.text))
      matches.push({ index: region.start + match.index, value: match[0] });
  }
  return matches;
}
