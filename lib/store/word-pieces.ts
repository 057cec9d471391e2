/** BERT's word pieces with their places in the text: cut at blanks and punctuation, then longest known piece first. */
export type WordPieces = {
  ids: number[];
  /** Code points of the text, half open; the special pieces at both ends have none. */
  places: ({ start: number; end: number } | undefined)[];
};

const MAX_WORD = 100;
const PUNCTUATION = /[!-/:-@[-`{-~\p{P}]/u;
const ALONE = /\p{Script=Han}/u;

/** @param vocabulary pieces in the order of their ids, `##` before those that go on */
export function wordPiecesOf(vocabulary: readonly string[], isLower: boolean): (text: string) => WordPieces {
  const ids = new Map(vocabulary.map((piece, id) => [piece, id]));
  const idOf = (piece: string): number => {
    const id = ids.get(piece);
    if (id === undefined) throw new RangeError(`the vocabulary has no ${piece}`);
    return id;
  };
  const [unknown, first, last] = [idOf('[UNK]'), idOf('[CLS]'), idOf('[SEP]')];
  return (text) => {
    const pieces: WordPieces = { ids: [first], places: [undefined] };
    const points = [...text];
    for (let at = 0; at < points.length; ) {
      if (/[\s\p{C}]/u.test(points[at]!)) {
        at++;
        continue;
      }
      const start = at++;
      if (!isSingle(points[start]!))
        while (at < points.length && !/[\s\p{C}]/u.test(points[at]!) && !isSingle(points[at]!)) at++;
      cut(points, start, at, pieces);
    }
    pieces.ids.push(last);
    pieces.places.push(undefined);
    return pieces;
  };

  function cut(points: readonly string[], start: number, end: number, pieces: WordPieces): void {
    const letters = points.slice(start, end).map((point) => {
      const folded = isLower
        ? point
            .toLowerCase()
            .normalize('NFD')
            .replace(/\p{Mn}/gu, '')
        : point;
      return folded;
    });
    const found: { id: number; start: number; end: number }[] = [];
    for (let from = 0; from < letters.length; ) {
      let to = letters.length - from > MAX_WORD ? from : letters.length;
      let id: number | undefined;
      for (; to > from; to--) {
        id = ids.get((from > 0 ? '##' : '') + letters.slice(from, to).join(''));
        if (id !== undefined) break;
      }
      if (id === undefined) {
        pieces.ids.push(unknown);
        pieces.places.push({ start, end });
        return;
      }
      found.push({ id, start: start + from, end: start + to });
      from = to;
    }
    for (const { id, start, end } of found) {
      pieces.ids.push(id);
      pieces.places.push({ start, end });
    }
  }
}

const isSingle = (point: string): boolean => PUNCTUATION.test(point) || ALONE.test(point);
