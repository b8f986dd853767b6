import { aurora } from './aurora';
import { borealis } from './borealis';
import { type DemoOrganisation } from './DemoOrganisation';

/** The two sample organisations. Kim Nguyen belongs to both. */
export const organisations: DemoOrganisation[] = [aurora, borealis];
