'use server';
import { action } from '#lib/http/action.ts';
import { Pick, pickForCluster } from '#lib/usecases/clusters/show-clusters.ts';

export const pick = action('clusters.pick', Pick, pickForCluster);
