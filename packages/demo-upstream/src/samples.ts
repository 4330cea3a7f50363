/** Documents that `/json`, `/xml` and `/html` answer with. */
export const JSON_SAMPLE = {
  house: {
    name: 'The Gatehouse',
    built: 1384,
    rooms: [
      { name: 'Guard room', windows: 2 },
      { name: 'Portcullis chamber', windows: 1 },
    ],
    open: true,
  },
} as const;

export const XML = `<?xml version="1.0" encoding="UTF-8"?>
<house built="1384">
  <name>The Gatehouse</name>
  <room windows="2">Guard room</room>
  <room windows="1">Portcullis chamber</room>
</house>
`;

export const HTML = `<!doctype html>
<html lang="en">
  <head><title>The Gatehouse</title></head>
  <body>
    <h1>The Gatehouse</h1>
    <p>Built in 1384. Two rooms, three windows, one way in.</p>
  </body>
</html>
`;
