/**
 * The import flow, one page: what happens to a trajectory between the log and the curation store. The types hold the
 * order: nothing is tagged, saved or shown before it is redacted.
 */
import { type RedactionConfig, redactTrajectory, textsOfUnits, type UnitRedaction } from '#lib/core/pii/redact.ts';
import { cutIntoUnits, type Leftover } from '#lib/core/segment/segment.ts';
import { tagUnit } from '#lib/core/tag/tag-unit.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Trajectory } from '#lib/core/trajectory/trajectory.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';

export type CuratedUnit = UnitRedaction & { tagged: Redacted<Unit> };
export type Curated = { units: CuratedUnit[]; leftover: Leftover[] };

/** What detectors from outside have to read before the flow. */
export const textsOfImport = (trajectory: Trajectory, rootId: string): string[] =>
  textsOfUnits(cutIntoUnits(trajectory, { rootId }).units);

export function onImport(trajectory: Trajectory, rootId: string, config: RedactionConfig): Curated {
  const { units, leftover } = cutIntoUnits(trajectory, { rootId }); // Trajectory -> Unit, none to many
  const redacted = redactTrajectory(units, config); //                 Unit       -> Redacted<Unit> + spans for the vault
  const curated = redacted.map((redaction) => ({ ...redaction, tagged: tagUnit(redaction.unit) })); // -> tags
  return { units: curated, leftover };
}
