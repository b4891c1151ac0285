/** The face of recipes: build one from a run, write it, read it, and get its actions for a replay. */
export { buildRecipe } from "./build-recipe.ts";
export { formatRecipe } from "./format-recipe.ts";
export { parseRecipe } from "./parse-recipe.ts";
export { recipeActions } from "./recipe-actions.ts";
export type { Recipe } from "./recipe-schema.ts";
export { recipeConfig } from "./recipe-config.ts";
