'use client';
import {
  BookOpenCheck,
  Boxes,
  ChartNoAxesColumn,
  CircleAlert,
  Cog,
  Columns2,
  FlaskConical,
  Grid3x3,
  House,
  ListTree,
  type LucideIcon,
  PackageCheck,
  Scale,
  ScanSearch,
  Tags,
  Trash2,
  Upload,
} from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { Count } from '../ui/badge.tsx';
import type { NavGroup, NavIcon } from './navigation.ts';

const ICONS: Record<NavIcon, LucideIcon> = {
  home: House,
  audit: ScanSearch,
  adjudicate: Scale,
  gold: BookOpenCheck,
  pairs: Columns2,
  tags: Tags,
  units: Boxes,
  coverage: Grid3x3,
  quality: ChartNoAxesColumn,
  releases: PackageCheck,
  imports: Upload,
  jobs: ListTree,
  quarantine: CircleAlert,
  erasure: Trash2,
  ledger: FlaskConical,
  settings: Cog,
};

const isHere = (path: string, href: string): boolean =>
  href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);

export function Sidebar({ groups }: { groups: readonly NavGroup[] }) {
  const path = usePathname();
  return (
    <nav
      aria-label="Places"
      className="flex gap-4 overflow-x-auto px-2 py-1 md:flex-col md:overflow-x-visible md:overflow-y-auto md:py-3"
    >
      {groups.map((group) => (
        <section key={group.label} aria-label={group.label} className="shrink-0">
          <h2 className="mb-0.5 hidden px-2 text-ink-3 text-label md:block">{group.label}</h2>
          <ul className="flex md:flex-col">
            {group.items.map((item) => {
              const Icon = ICONS[item.icon];
              return (
                <li key={item.href}>
                  <Link
                    href={item.href}
                    prefetch={false}
                    aria-current={isHere(path, item.href) ? 'page' : undefined}
                    className="flex h-8 items-center gap-2 whitespace-nowrap rounded-md px-2 text-ink-2 hover:bg-sunken hover:text-ink focus-visible:-outline-offset-2 aria-[current]:bg-selected aria-[current]:font-medium aria-[current]:text-ink"
                  >
                    <Icon aria-hidden className="size-4 shrink-0" />
                    <span className="flex-1">{item.label}</span>
                    {item.count !== undefined && <Count value={item.count} label="waiting" />}
                  </Link>
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </nav>
  );
}
