using Recurrent.Initializers;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>First values of a kernel of <see cref="STFTSpectrogram"/>: cosines, or negative sines, under a window.</summary>
/// <param name="layer">The layer.</param>
/// <param name="imaginary">Whether it is the kernel of imaginary parts.</param>
internal sealed class STFTKernel(STFTSpectrogram layer, bool imaginary) : Initializer
{
    /// <inheritdoc/>
    public override string ClassName => "STFT";

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random)
    {
        double[] window = layer.Window.Of(layer.FrameLength, layer.Periodic);
        double scale = layer.Window.Name == "none" ? 1 : layer.Scaling switch
        {
            "density" => Math.Sqrt(window.Sum(w => w * w)),
            "spectrum" => window.Sum(Math.Abs),
            _ => 1,
        };
        int bins = layer.Bins;
        int length = (bins - 1) * 2;
        for (int n = 0; n < window.Length; n++)
        {
            for (int k = 0; k < bins; k++)
            {
                // In whole turns, so that large products lose nothing.
                double turn = length == 0 ? 0 : -2 * Math.PI * ((long)n * k % length) / length;
                values[(n * bins) + k] = (Real)((imaginary ? Math.Sin(turn) : Math.Cos(turn)) * window[n] / scale);
            }
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "side", imaginary ? "imag" : "real" } };
}
