/** The typeface of charts and graphs; its files are shipped with Temper. */
export const chartFont = "DejaVu Sans";
