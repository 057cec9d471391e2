/**
 * The last look at rows that are about to leave: detectors, the values behind the placeholders of their own units, and
 * every structured identifier or secret of the whole release, also in rows that it was not found in.
 */

import { compileResidue, type Needle, type ResidueConfig, type ResidueScanner } from '#lib/core/pii/residue.ts';
import { classOf, type PiiType } from '#lib/core/pii/taxonomy.ts';
import { openEntries } from '#lib/store/dictionaries.ts';
import { findProject } from '#lib/store/projects.ts';
import { entitiesOfUnits, type UnitEntity } from '#lib/store/releases.ts';
import { openValues } from '#lib/store/vault.ts';

export type LeftStanding = { code: 'known_value' | 'secret' | 'direct' | 'quasi'; rule: string; path: string };
export type LastLook = {
  /** A row's line, with the units it was made of. */
  inRow(line: string, unitIds: readonly string[]): LeftStanding[];
  /** A file that holds no rows: known values only, since this program wrote its words. */
  inFile(text: string): LeftStanding[];
  needles: number;
};

/** Names and places are common words of other rows: they are searched for in the rows of their own units. */
const EVERYWHERE = new Set<PiiType>([
  'USERNAME',
  'EMAIL',
  'PHONE',
  'IP',
  'DEVICE_ID',
  'VEHICLE_ID',
  'GOV_ID',
  'HEALTH_ID',
  'PAYMENT_CARD',
  'BANK_ACCOUNT',
  'CRYPTO_WALLET',
  'SECRET',
]);
/** Shorter ones turn up by chance. */
const EVERYWHERE_FROM = 8;
const AT_A_TIME = 5_000;

/** Written by this program: ids, hashes, counts, names of settings. */
const isOurs = (path: string): boolean => path.startsWith('#json/meta_json') || /^#json\/(?:id|group)$/.test(path);

/** Values of the vault by entity code; kept in this process for as long as a build takes. */
async function valuesOf(projectId: string, entities: readonly UnitEntity[]): Promise<Map<string, string>> {
  const codes = [...new Set(entities.map((row) => row.entity))].sort();
  const values = new Map<string, string>();
  for (let at = 0; at < codes.length; at += AT_A_TIME)
    for (const row of await openValues(projectId, codes.slice(at, at + AT_A_TIME))) values.set(row.entity, row.value);
  return values;
}

export async function openLastLook(projectId: string, unitIds: readonly string[]): Promise<LastLook> {
  const [entities, project, { entries }] = await Promise.all([
    entitiesOfUnits(projectId, unitIds),
    findProject(projectId),
    openEntries(projectId),
  ]);
  const values = await valuesOf(projectId, entities);
  const kept = new Set(entries.filter((entry) => entry.action === 'keep').map((entry) => entry.value));
  const quasi = project.quasiPolicy as ResidueConfig['quasi'];
  const needle = (row: UnitEntity): Needle[] => {
    const value = values.get(row.entity);
    return value === undefined || kept.has(value) || quasi?.[row.type as PiiType] === 'keep' ? [] : [{ value }];
  };
  const strong = entities.filter(
    (row) => EVERYWHERE.has(row.type as PiiType) && (values.get(row.entity)?.length ?? 0) >= EVERYWHERE_FROM,
  );
  const everywhere = compileResidue(strong.flatMap(needle), { quasi, isOurs, exempt: (_, value) => kept.has(value) });
  const inFiles = compileResidue(strong.flatMap(needle), { isOurs: () => true });
  const byUnit = Map.groupBy(entities, (row) => row.unitId);
  const ownOf = (ids: readonly string[]): ResidueScanner =>
    compileResidue(
      ids.flatMap((id) => (byUnit.get(id) ?? []).flatMap(needle)),
      { isOurs: () => true },
    );
  const toStanding = ({ rule, path, type }: ReturnType<ResidueScanner>[number]): LeftStanding => ({
    code: rule === 'known-value' ? 'known_value' : classOf(type),
    rule,
    path,
  });
  return {
    inRow: (line, ids) => [...everywhere(line), ...ownOf(ids)(line)].map(toStanding),
    inFile: (text) => inFiles(text).map(toStanding),
    needles: values.size,
  };
}
