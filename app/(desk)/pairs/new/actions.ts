'use server';
import { action } from '#lib/http/action.ts';
import { decideGenerator, GeneratorDecision, NewGenerator, proposeGenerator } from '#lib/usecases/pairs/generators.ts';

export const propose = action('pairs.generator', NewGenerator, proposeGenerator);
export const decideOn = action('pairs.generator', GeneratorDecision, decideGenerator);
