/** Icon of the page as an SVG file: a path that leaves one valley for the next. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#0072b2"/>
<path d="M4 10 C7 26 11 26 14 16 C16 9 18 9 20 16 C22 25 26 26 28 10" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/>
<circle cx="17" cy="10.6" r="2.6" fill="#e69f00"/>
</svg>
`;
