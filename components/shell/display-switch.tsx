'use client';
import { Monitor, Moon, Rows3, Rows4, Sun } from 'lucide-react';
import { useState } from 'react';
import { Segmented } from '../ui/segmented.tsx';
import { DENSITY_COOKIE, type Density, type Display, THEME_COOKIE, type Theme } from './display.ts';

const YEAR_S = 31_536_000;

/** Shown at once by attribute, kept by cookie for the next answer of the server. */
function keep(attribute: 'theme' | 'density', cookie: string, value: string): void {
  document.documentElement.dataset[attribute] = value;
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser we serve
  document.cookie = `${cookie}=${value}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
}
export const keepTheme = (theme: Theme): void => keep('theme', THEME_COOKIE, theme);
export const keepDensity = (density: Density): void => keep('density', DENSITY_COOKIE, density);

export function ThemeSwitch({ initial }: { initial: Display['theme'] }) {
  const [theme, setTheme] = useState(initial);
  return (
    <Segmented
      label="Theme"
      value={theme}
      options={[
        { value: 'system', label: <Named icon={<Monitor aria-hidden />} name="System" /> },
        { value: 'light', label: <Named icon={<Sun aria-hidden />} name="Light" /> },
        { value: 'dark', label: <Named icon={<Moon aria-hidden />} name="Dark" /> },
      ]}
      onChange={(value) => {
        setTheme(value);
        keepTheme(value);
      }}
    />
  );
}

export function DensitySwitch({ initial }: { initial: Display['density'] }) {
  const [density, setDensity] = useState(initial);
  return (
    <Segmented
      label="Density"
      value={density}
      options={[
        { value: 'comfortable', label: <Named icon={<Rows3 aria-hidden />} name="Comfortable" /> },
        { value: 'compact', label: <Named icon={<Rows4 aria-hidden />} name="Compact" /> },
      ]}
      onChange={(value) => {
        setDensity(value);
        keepDensity(value);
      }}
    />
  );
}

const Named = ({ icon, name }: { icon: React.ReactNode; name: string }) => (
  <>
    {icon}
    {name}
  </>
);
