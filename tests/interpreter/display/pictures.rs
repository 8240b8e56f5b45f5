//! Pictures of PIL and other libraries become files.

use taipan::{Isolation, Request};

use super::{names, size};
use crate::interpreters::{apply, complete, in_both, settings};

/// X8: `.show()`, `display()` and the last value, for every mode that a picture may have.
#[apply(in_both)]
#[tokio::test]
async fn pictures_become_png_files(isolation: Isolation) {
    let interpreter = settings(isolation).preload(["PIL.Image"]).build().expect("an interpreter");
    let head = "from PIL import Image\nimage = Image.new('RGB', (30, 20), 'red')\n";
    for code in ["image", "image.show()", "image.show('a title')", "display(image)", "image.copy().resize((30, 20))"] {
        let outcome = complete(&interpreter, Request::new(format!("{head}{code}"))).await;
        assert_eq!(names(&outcome), ["image_1.png"], "{code}");
        assert_eq!(size(&outcome, "image_1.png"), (30, 20), "{code}");
    }
    for code in ["image.save('mine.png')", "image;", "x = image"] {
        let outcome = complete(&interpreter, Request::new(format!("{head}{code}"))).await;
        assert_eq!(names(&outcome), if code.contains("mine") { vec!["mine.png"] } else { vec![] }, "{code}");
    }
    let modes =
        ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "HSV", "I", "F", "I;16", "La", "RGBa"];
    for mode in modes {
        let code = format!("from PIL import Image\nImage.new('{mode}', (3, 2)).show()");
        assert_eq!(size(&complete(&interpreter, Request::new(code)).await, "image_1.png"), (3, 2), "{mode}");
    }
}

/// A transparent picture stays transparent.
#[apply(in_both)]
#[tokio::test]
async fn transparency_is_kept(isolation: Isolation) {
    let code = "
from PIL import Image
Image.new('RGBA', (2, 2), (255, 0, 0, 128)).show()
Image.new('PA', (2, 2)).show()
[Image.open(f'image_{n}.png').mode for n in (1, 2)]";
    let outcome = complete(&settings(isolation).build().expect("an interpreter"), Request::new(code)).await;
    assert_eq!(outcome.result.expect("modes").text, "['RGBA', 'RGBA']");
}
