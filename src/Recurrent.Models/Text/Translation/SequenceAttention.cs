namespace Recurrent.Text;

/// <summary>How the decoder of a <see cref="Seq2Seq"/> looks at what the encoder has read.</summary>
public enum SequenceAttention
{
    /// <summary>Not at all: it knows the states with which the encoder ended.</summary>
    None,

    /// <summary>
    /// Luong, Pham and Manning (2015), "general": <c>score = h_tᵀ·W·m_s</c>, <c>c_t = Σ a_ts·m_s</c>,
    /// <c>h̃_t = tanh(W_c·[c_t; h_t])</c>, without input feeding.
    /// </summary>
    Luong,

    /// <summary>The same without W: the encoder must give as many features as the decoder has units.</summary>
    LuongDot,

    /// <summary>
    /// Bahdanau, Cho and Bengio (2015): <c>score = vᵀ·tanh(W·h_t + U·m_s)</c>, joined with the decoder's output as Luong's is.
    /// </summary>
    Bahdanau,
}
