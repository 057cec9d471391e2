/** Stretches of a text that hold some digits close together, with room for letters around them. */

/** `digits`: at least as many as any number in it has. */
export type Region = { start: number; text: string; digits: number };

const CLUSTER = /\d(?:[^\d\n]{0,3}\d){2,}/g;
const ROOM = 14;

export function digitRegions(text: string): Region[] {
  const regions: Region[] = [];
  let start = -1;
  let end = -1;
  let digits = 0;
  const push = (): void => {
    regions.push({ start, text: text.slice(start, end), digits });
  };
  for (const match of text.matchAll(CLUSTER)) {
    const from = Math.max(0, match.index - ROOM);
    if (start >= 0 && from > end) {
      push();
      start = -1;
    }
    if (start < 0) {
      start = from;
      digits = 0;
    }
    for (let i = 0; i < match[0].length; i++) {
      const code = match[0].charCodeAt(i);
      if (code >= 0x30 && code <= 0x39) digits++;
    }
    end = Math.min(text.length, match.index + match[0].length + ROOM);
  }
  if (start >= 0) push();
  return regions;
}

export type Match = { index: number; value: string };

/** Matches of a global pattern inside the regions that hold enough digits for it, at their places in the whole text. */
export function matchesIn(regions: readonly Region[], pattern: RegExp, least: number): Match[] {
  const matches: Match[] = [];
  for (const region of regions) {
    if (region.digits < least) continue;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(region.text); match !== null; match = pattern.exec(region.text))
      matches.push({ index: region.start + match.index, value: match[0] });
  }
  return matches;
}
