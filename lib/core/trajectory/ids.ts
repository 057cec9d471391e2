/**
 * Ids that must not be mixed up. Trajectory, event and unit ids are content hashes (the same bytes give the same
 * ids on every machine); the others are random and made by the store.
 */
export type Branded<T, Name extends string> = T & { readonly __brand: Name };

export type ProjectId = Branded<string, 'ProjectId'>;
export type PersonId = Branded<string, 'PersonId'>;
export type SourceId = Branded<string, 'SourceId'>;
export type ImportId = Branded<string, 'ImportId'>;
export type TrajectoryId = Branded<string, 'TrajectoryId'>;
export type UnitId = Branded<string, 'UnitId'>;
export type QueueId = Branded<string, 'QueueId'>;
export type TaskId = Branded<string, 'TaskId'>;
export type PairId = Branded<string, 'PairId'>;
export type ReleaseId = Branded<string, 'ReleaseId'>;
