/** Three planes of a scan with the counted voxels over it: niivue, loaded when first needed. */

import { NVImage, Niivue, SLICE_TYPE } from "@niivue/niivue";

export const WINDOWS: Record<string, [number, number]> = { "soft tissue": [-160, 240], bone: [-450, 1050], "calcium from 130 HU": [130, 900] };

export async function planes(canvas: HTMLCanvasElement, image: string, mask: string, window: [number, number], opacity: number) {
  const nv = new Niivue({ backColor: [0, 0, 0, 1], show3Dcrosshair: false, crosshairColor: [1, 0.8, 0.2, 0.9], isOrientCube: false, dragAndDropEnabled: false, loadingText: "", logLevel: "error" } as any);
  await nv.attachToCanvas(canvas);
  const scan = await NVImage.loadFromBase64({ base64: image, name: "scan.nii.gz", colormap: "gray", cal_min: window[0], cal_max: window[1] });
  nv.addVolume(scan);
  const over = await NVImage.loadFromBase64({ base64: mask, name: "counted.nii.gz", opacity, cal_min: 0, cal_max: 2 });
  over.setColormapLabel({ R: [0, 255, 90], G: [0, 120, 160], B: [0, 30, 255], A: [0, 255, 60], I: [0, 1, 2], labels: ["", "counted", "region"] } as any);
  nv.addVolume(over);
  nv.setSliceType(SLICE_TYPE.MULTIPLANAR);
  nv.updateGLVolume();
  return {
    /** Go to a place given as slice, row, column, counted from 0. */
    jump(position: [number, number, number]) {
      const at = nv.volumes[0].convertVox2Frac([Math.round(position[2]), Math.round(position[1]), Math.round(position[0])] as any);
      nv.scene.crosshairPos = at as any;
      nv.drawScene();
    },
    window([low, high]: [number, number]) {
      nv.volumes[0].cal_min = low;
      nv.volumes[0].cal_max = high;
      nv.updateGLVolume();
    },
    opacity(value: number) {
      nv.setOpacity(1, value);
    },
    destroy() {
      (nv as any).cleanup?.();
    },
  };
}
