// @ts-check
/** 服务器提示的简体中文：the server's notes on films, portraits and results in Chinese. */

const FRAME = "frame (\\d+)(?:, file [^ ]+)? \\((?:[\\d.]+) s\\)";

/** The reasons for which a face is lost. @type {Record<string, string>} */
const LOSSES = {
  "the face leaves the picture or is covered": "人脸离开画面或被遮挡",
  "another picture follows, a cut or another face,": "画面切换或换成了另一张脸",
  "the face is not shown, as the picture is black, white or even,": "画面全黑、全白或单色，看不到人脸",
  "the face is covered, or another one takes its place,": "人脸被遮挡，或被另一张脸取代",
};
const LOSS = `(${Object.keys(LOSSES).join("|")})`;

/** @type {[RegExp, (...found: string[]) => string][]} */
const NOTES = [
  [
    /^(?:(.+): )?the mouth looks covered, by a mask or a scarf: .*$/,
    (file) => `${file ? `${file}：` : ""}嘴部似乎被口罩或围巾遮住：那里的运动属于遮挡物。`,
  ],
  [
    /^(?:(.+): )?the face is not neutral: it shows (.+), give or take ([\d.]+); .*$/,
    (file, shown, error) =>
      `${file ? `${file}：` : ""}这张脸不是中性表情：有 ${shown.replace(/ \([^)]*\)/g, "").replaceAll(" about ", " 约 ")}（误差 ${error}）。动作会叠加在其上，若要从静止开始，请选择中性肖像。`,
  ],
  [
    /^the face moves for ([\d.]+) s: times are in seconds, .*$/,
    (seconds) => `面部运动持续 ${seconds} 秒：时间以秒为单位，200 毫秒应写作 0.2。`,
  ],
  [
    /^(\S+) reaches only ([\d.]+) of ([\d.]+) in the frames: at ([\d.]+) a second .* of ([\d.]+) ms$/,
    (unit, got, wanted, fps, step) =>
      `各帧中 ${unit} 只达到 ${got}（设定 ${wanted}）：每秒 ${fps} 帧时没有一帧落在顶点；请延长顶点，或使用 ${step} 毫秒的整数倍。`,
  ],
  [
    /^(?:(.+): )?the head is turned by (\d+) degrees: .* by at most (\d+) degrees$/,
    (file, degrees, most) =>
      `${file ? `${file}：` : ""}头部侧转 ${degrees} 度：远侧面部的运动难以看清，也可能失真，请选择侧转不超过 ${most} 度的肖像。`,
  ],
  [
    RegExp(`^${LOSS} at ${FRAME}, and is there again after ${FRAME}: .*$`),
    (loss, from, to) => `${LOSSES[loss]}（第 ${from} 至 ${to} 帧）：其间的运动按直线补上。`,
  ],
  [
    RegExp(`^${LOSS} at ${FRAME}: nothing is measured from there on$`),
    (loss, from) => `${LOSSES[loss]}（第 ${from} 帧起）：之后不再测量。`,
  ],
  [/^nothing moves in this clip: everything measured is 0$/, () => "影片中没有任何运动：所有测量值为 0。"],
  [
    /^the frames come at uneven times, ([\d.]+) to ([\d.]+) ms apart(?:: the motion is interpolated at their mean rate, (\S+) a second)?$/,
    (least, most, rate) =>
      `各帧的间隔不均匀，为 ${least} 到 ${most} 毫秒${rate ? `：运动按平均帧率每秒 ${rate} 帧插值` : ""}。`,
  ],
  [/^.+; the (\d+) frames before that are kept$/, (many) => `文件在中途损坏：保留之前的 ${many} 帧。`],
  [
    /^no action unit moves in this clip, so the portrait keeps still: .*$/,
    () => "影片中没有动作单元在运动，因此肖像保持不动；可选择“整体动作”。",
  ],
  [
    /^the (\S+) engine does not know (.+), which the driver shows: left out$/,
    (engine, units) => `引擎 ${engine} 不支持影片中的 ${units}，已略去。`,
  ],
  [
    /^the driver blinks, and flow does not see how far lids go: the gain is measured without the eyes$/,
    () => "影片中有眨眼，光流看不出眼睑移动多远：增益的测量不含眼睛。",
  ],
  [
    /^the portrait is not seen to move, so its motion's size is not calibrated$/,
    () => "没有测到肖像的运动，因此其幅度未经校准。",
  ],
  [
    /^the portrait moves less than the driver: its AUs are as strong as they can be$/,
    () => "肖像的运动小于影片：其动作单元已达最大强度。",
  ],
  [
    /^the portrait moves less than the driver, even ([\d.]+) times enlarged$/,
    (times) => `肖像的运动小于影片，放大 ${times} 倍仍然如此。`,
  ],
  [
    /^the portrait moves more than the driver, even ([\d.]+) times reduced$/,
    (times) => `肖像的运动大于影片，缩小 ${times} 倍仍然如此。`,
  ],
  [
    /^hardly anything moves \(no AU passes ([\d.]+)\): onset, apex and offset are uncertain$/,
    (peak) => `几乎没有运动（没有动作单元超过 ${peak}）：起始、峰值和结束都不确定。`,
  ],
  [
    /^hardly anything moves but blinking lids \(no other AU passes ([\d.]+)\): onset, apex and offset are uncertain$/,
    (peak) => `除眨眼外几乎没有运动（没有其他动作单元超过 ${peak}）：起始、峰值和结束都不确定。`,
  ],
  [
    /^(.+) (?:has|have) no sides? in FACS, so both sides of the face move, although (left|right) was asked for$/,
    (units, side) => `${units} 在 FACS 中不分左右，因此虽然只要求${side === "left" ? "左" : "右"}侧，脸的两侧都会动。`,
  ],
  [
    /^hardly anything moves but blinking lids, so the size of the rest is not calibrated$/,
    () => "除眨眼外几乎没有运动，因此其余运动的幅度未经校准。",
  ],
  [
    /^a part of the face lies outside the picture or is covered, so these are not measured: (.+)$/,
    (units) => `脸的一部分在画面外或被遮挡，以下未测量：${units}。`,
  ],
  [
    /^a part of the face is covered or outside the picture (?:at|between) frame (\d+).*, so these are not measured there: (.+)$/,
    (frame, units) => `从第 ${frame} 帧起，脸的一部分被遮挡或在画面外，那里未测量：${units}。`,
  ],
  [
    /^the face is hard to follow in (\d+) frames? .*$/,
    (many) => `有 ${many} 帧难以跟踪人脸（遮挡、转头或动作过大），那里的动作单元不确定。`,
  ],
  [
    /^the first frame does not look neutral, and most others differ from it: .*$/,
    () => "第一帧看起来不是中性表情，与多数其他帧不同。",
  ],
  [
    /^the first frame does not look neutral, so all counts from (.+)$/,
    () => "第一帧看起来不是中性表情，因此以另一帧为基准。",
  ],
  [
    /^its pixels are ([\d.]+) times as wide as high: the frames are resampled to (\d+x\d+)$/,
    (aspect, size) => `像素的宽高比为 ${aspect}：各帧已重采样为 ${size}。`,
  ],
  [/^it is interlaced, so each frame shows two moments: .*$/, () => "影片是隔行扫描的，每帧含有两个时刻：请先去隔行。"],
  [
    /^(\d+) frame numbers? (?:is|are) missing, after .*$/,
    (many) => `缺少 ${many} 个帧号：其后的帧保持其编号对应的时间。`,
  ],
  [
    /^(?:.+: )?the face is enlarged ([\d.]+) times.*, which looks soft: .*$/,
    (scale) => `为使眼睛位于指定位置，人脸放大了 ${scale} 倍，会显得模糊：请使用更大的图片或较小的尺寸。`,
  ],
  [
    /^(?:(.+): )?(\d+) % of its pictures is grey.*, because the portrait ends there once the eyes are at their place: .*$/,
    (file, share) =>
      `${file ? `${file}：` : ""}眼睛放到规定位置后，画面有 ${share}% 为灰色：请使用脸部周围留有更多空间的肖像，或选择“椭圆形”。`,
  ],
  [
    /^(?:(.+): )?its colours are converted from (.+) to sRGB$/,
    (file, profile) => `${file ? `${file}：` : ""}颜色已从 ${profile} 转换为 sRGB。`,
  ],
  [
    /^it moves for ([\d.]+) s: a micro-expression lasts at most 0.5 s$/,
    (seconds) => `运动持续 ${seconds} 秒：微表情最长为 0.5 秒。`,
  ],
];

/** Return a note in Chinese; null if it is not known. @param {string} note */
export function noteInChinese(note) {
  for (const [pattern, words] of NOTES) {
    const found = pattern.exec(note);
    if (found) return words(...found.slice(1));
  }
  return null;
}
