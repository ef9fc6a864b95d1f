// Colour maps for heat maps: a few anchors, interpolated linearly.

const SEQUENTIAL = [
  [246, 249, 252],
  [190, 214, 236],
  [106, 163, 209],
  [41, 104, 170],
  [12, 45, 92],
];
const DIVERGING = [
  [20, 74, 138],
  [112, 164, 206],
  [244, 244, 244],
  [222, 141, 98],
  [150, 46, 20],
];

function between(anchors, share) {
  const at = Math.min(Math.max(share, 0), 1) * (anchors.length - 1);
  const cell = Math.min(Math.floor(at), anchors.length - 2);
  return anchors[cell].map((value, channel) =>
    Math.round(value + (at - cell) * (anchors[cell + 1][channel] - value)),
  );
}

export const sequential = (share) => between(SEQUENTIAL, share);
export const diverging = (share) => between(DIVERGING, share);
