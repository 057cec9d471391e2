/**
 * Looks a person chose in this browser: in cookies, so that the server writes the right attributes into the first
 * answer (no flash, no inline script). Anything else in a cookie counts as the default.
 */
export const THEMES = ['system', 'light', 'dark'] as const;
export const DENSITIES = ['comfortable', 'compact'] as const;
export type Theme = (typeof THEMES)[number];
export type Density = (typeof DENSITIES)[number];
export type Display = { theme: Theme; density: Density };

export const THEME_COOKIE = 'assay-theme';
export const DENSITY_COOKIE = 'assay-density';

const pick = <T extends string>(allowed: readonly T[], value: string | undefined): T =>
  allowed.find((item) => item === value) ?? (allowed[0] as T);

/** @param read value of a cookie by name */
export const readDisplay = (read: (name: string) => string | undefined): Display => ({
  theme: pick(THEMES, read(THEME_COOKIE)),
  density: pick(DENSITIES, read(DENSITY_COOKIE)),
});
