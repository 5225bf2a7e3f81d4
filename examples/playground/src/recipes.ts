/** Every API of the playground with its recipes. */
import { chatadsRecipes } from './chatads-recipes.ts'
import type { RecipeBook } from './recipe.ts'

export const recipeBooks: readonly RecipeBook[] = [chatadsRecipes]
