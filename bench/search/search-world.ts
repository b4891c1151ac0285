/** Stands here for the fresh landscapes, whose files may not change: their hash was written down before the first measurement. */
export type { Made, SearchWorld } from "#src/search/search-world.ts";
