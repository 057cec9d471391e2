'use server';
import { action } from '#lib/http/action.ts';
import { correctTags, TagCorrection } from '#lib/usecases/tags/correct-tags.ts';
import { applyModel, Trainable, trainTags } from '#lib/usecases/tags/train-tags.ts';

export const correct = action('tags.correct', TagCorrection, correctTags);
export const train = action('tags.train', Trainable, trainTags);
export const applyGuesses = action('tags.apply', Trainable, applyModel);
