/** What all drawings share: the page's own type and colours. */
export const PLOT_STYLE = {
  background: 'transparent',
  color: 'inherit',
  fontFamily: 'inherit',
  fontSize: '12px',
} as const
