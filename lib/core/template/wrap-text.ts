/** `textwrap.wrap` for one line, with tabs and white space kept: what the filter `wordwrap` uses. */
import { countPoints, valueError } from './values.ts';

const SPACES = '[\\t\\n\\v\\f\\r ]';
/** Words break behind hyphens between letters, and at dashes. */
const BREAKS = new RegExp(`(${SPACES}+|(?<=[\\p{L}\\p{N}_!"'&.,?])-{2,}(?=[\\p{L}\\p{N}_]))`, 'u');

function chunksOf(text: string, hyphens: boolean): string[] {
  const chunks = text.split(hyphens ? BREAKS : new RegExp(`(${SPACES}+)`)).filter((chunk) => chunk !== '');
  if (!hyphens) return chunks;
  return chunks.flatMap((chunk) => chunk.split(/(?<=[\p{L}_]{2}-)(?=[\p{L}_]-?[\p{L}_])/u));
}

const blank = (chunk: string) => /^[\t\n\v\f\r ]*$/.test(chunk);

export function wrapText(text: string, width: number, breakLong: boolean, hyphens: boolean): string[] {
  if (width <= 0) throw valueError('invalid width (must be > 0)');
  const chunks = chunksOf(text, hyphens).reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    const line: string[] = [];
    let size = 0;
    if (blank(chunks.at(-1)!) && lines.length > 0) chunks.pop();
    while (chunks.length > 0 && size + countPoints(chunks.at(-1)!) <= width) {
      size += countPoints(chunks.at(-1)!);
      line.push(chunks.pop()!);
    }
    if (chunks.length > 0 && countPoints(chunks.at(-1)!) > width) {
      const room = Math.max(1, width - size);
      if (breakLong) {
        const points = [...chunks.pop()!];
        line.push(points.slice(0, room).join(''));
        chunks.push(points.slice(room).join(''));
      } else if (line.length === 0) line.push(chunks.pop()!);
    }
    if (line.length > 0 && blank(line.at(-1)!)) line.pop();
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}
