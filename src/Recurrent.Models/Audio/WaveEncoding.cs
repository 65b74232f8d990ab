namespace Recurrent.Audio;

/// <summary>How a WAV file holds its samples.</summary>
public enum WaveEncoding
{
    /// <summary>Whole numbers of 8 bits, without a sign.</summary>
    Pcm8,

    /// <summary>Whole numbers of 16 bits, as most files have them.</summary>
    Pcm16,

    /// <summary>Whole numbers of 24 bits.</summary>
    Pcm24,

    /// <summary>Whole numbers of 32 bits.</summary>
    Pcm32,

    /// <summary>Floating-point numbers of 32 bits.</summary>
    Float32,

    /// <summary>Floating-point numbers of 64 bits.</summary>
    Float64,
}
