using Recurrent.Layers;

namespace Recurrent.Onnx.Export;

/// <summary>Layers of sound that are products with known numbers.</summary>
internal static class SoundExport
{
    /// <summary>Cepstral coefficients.</summary>
    public static Signal[] Write(LayerContext c, MFCC layer)
    {
        int bands = c.Input.Shape[0]!.Value;
        Tensor weights = MatrixOf(c, layer, bands, layer.NumMfcc, new NDArray([bands, bands]), rowsFirst: true);
        return c.GiveUnmasked(weights.MatMul(c.X));
    }

    /// <summary>Changes from frame to frame.</summary>
    public static Signal[] Write(LayerContext c, Deltas layer)
    {
        bool stepsFirst = layer.Axis == 1;
        int frames = c.Input.Shape[stepsFirst ? 0 : 1] ?? throw c.Refuse(
            "treats the ends of a sequence in another way, and its length is not known",
                "Give the number of frames in inputShape.");
        Tensor weights = MatrixOf(c, layer, frames, frames, new NDArray([frames, frames]), stepsFirst);
        return c.GiveUnmasked(stepsFirst ? weights.MatMul(c.X) : c.X.MatMul(weights));
    }

    // What the layer makes of a one at each place is the matrix that it multiplies by.
    private static Tensor MatrixOf(LayerContext c, Layer layer, int inputs, int outputs, NDArray ones, bool rowsFirst)
    {
        for (int i = 0; i < inputs; i++)
        {
            ones[i, i] = 1;
        }

        NDArray given = layer switch
        {
            MFCC mfcc => mfcc.Call(ones),
            _ => ((Deltas)layer).Call(ones),
        };
        return c.Writer.Numbers(rowsFirst ? [outputs, inputs] : [inputs, outputs], [.. given.Values]);
    }
}
