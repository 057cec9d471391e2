/** How a sort is written in an address; pages on the server read it with the same function. */
export type Sort = { column: string; isDescending: boolean };

/** `tokens` up, `-tokens` down; anything else is no sort. */
export const parseSort = (text: string): Sort | null =>
  /^-?[a-z][\w.]{0,63}$/i.test(text) ? { column: text.replace(/^-/, ''), isDescending: text.startsWith('-') } : null;

export const writeSort = ({ column, isDescending }: Sort): string => (isDescending ? `-${column}` : column);
