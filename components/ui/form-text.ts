/** What a field of a form holds, without the blanks around it; '' where there is none. */
export const textOf = (form: FormData, name: string): string => String(form.get(name) ?? '').trim();

/** A field of words with commas between. */
export const wordsOf = (form: FormData, name: string): string[] =>
  textOf(form, name)
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
